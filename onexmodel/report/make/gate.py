"""What a notebook may be given: typed, strict; everything unknown or of a wrong type is refused with the nearest match."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ...errors import Fault, ParameterError, nearest
from ...languages import spoken
from ...law.scenario import combination
from ...places import package_file


@dataclass(frozen=True)
class PageOptions:
    """How a page is made of what a notebook gave, whatever that is. `print_full`: notes, rules and graph are printed too; `docx`: one page
    for the file is made beside it, to `addressee` ("" leaves a blank)."""

    print_full: bool = False
    docx: bool = False
    addressee: str = ""


PLAIN_PAGE = PageOptions()
MOST_COLUMNS = 6  # scenarios side by side
SHOWN = 100  # letters of what was given that a fault repeats


def _day(text: str) -> str:
    """A day as YYYY-MM-DD, or nothing. Raises ValueError for another text."""
    return date.fromisoformat(text).isoformat() if text else ""


class ReportParameters(BaseModel):
    """What every notebook takes; the names are the variables of its parameters cell."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)
    length: ClassVar[int] = (
        1  # how long it takes beside the others: a batch begins with the longest
    )

    data: str = "national"
    data_name: str = Field(
        "", max_length=255
    )  # what a record calls the data (opening.name_of_data); "" as they are called now
    province: str = "44"  # one or several (analysis.study.place_of); "" for all
    college: str = ""
    year: int = Field(0, ge=0, le=9999)
    scenario: list[str | dict[str, Any]] = Field(
        default_factory=list
    )  # names or paths; or given whole, as `verify` takes them out of a record (law.read_scenario)
    settings: dict[str, str] = Field(default_factory=dict)
    lang: str = "zh"
    internal: bool = False
    log2_draws: int = Field(0, ge=0, le=14)  # 0: by the size of the place (front/opening.py)
    seed: int = Field(20201231, ge=0, le=2**63 - 1)
    issuer: str = Field("", max_length=60)  # who issues the report, as printed under its title
    date: Annotated[str, AfterValidator(_day)] = ""  # of issue (YYYY-MM-DD); "" prints none

    @property
    def schemes(self) -> list[list[Any]]:
        """What is compared with current law: schemes, each the scenarios that make it together."""
        return [self.scenario]


def _raised_cap() -> list[str | dict[str, Any]]:
    return ["cap_plus_20"]


class FeeCapParameters(ReportParameters):
    """fee_cap: the scheme asked about."""

    length: ClassVar[int] = 3
    scenario: list[str | dict[str, Any]] = Field(default_factory=_raised_cap)


class PerformancePayParameters(ReportParameters):
    """performance_pay: what is shown beside today's rule."""


class CostReductionParameters(ReportParameters):
    """cost_reduction: the levers, and how far each is pulled (0–1)."""

    length: ClassVar[int] = 2
    levers: list[str] = Field(default_factory=list)
    intensity: float = Field(1.0, ge=0, le=1)


class BudgetParameters(ReportParameters):
    """budget_and_settlement: the day on which accounts are looked at (YYYY-MM-DD; empty: the deadline)."""

    at: str = ""


class FundingMixParameters(ReportParameters):
    """funding_mix: who pays for what in a year."""


class ComparisonParameters(ReportParameters):
    """province_comparison: every province of the data; `province` is the one the first sentence is about."""

    length: ClassVar[int] = 4


class QualityParameters(ReportParameters):
    """data_quality: nothing of its own."""


Scheme = str | dict[str, Any]


def _side_by_side() -> list[list[Scheme]]:
    return [["cap_plus_20"], ["package_combined"], ["fee_plus_20"]]


def _column(given: Any) -> Any:
    some = combination(given)
    return [some] if isinstance(some, str | dict) else some


class ScenarioCompareParameters(ReportParameters):
    """scenario_compare: the scenarios side by side, a list of them a column; a name alone is a list of one, a text with + between names the
    list of these. A record has lists throughout: then no name is read as two."""

    length: ClassVar[int] = 2
    scenario: list[Annotated[list[Scheme], BeforeValidator(_column)]] = Field(  # type: ignore[assignment]
        default_factory=_side_by_side,
        max_length=MOST_COLUMNS,
    )

    @property
    def schemes(self) -> list[list[Any]]:
        """One a column."""
        return self.scenario


# The one list of reports, by the names of their notebooks and folders: what else lists them follows it, or a test holds it to this.
MODELS: Mapping[str, type[ReportParameters]] = {
    "fee_cap": FeeCapParameters,
    "performance_pay": PerformancePayParameters,
    "cost_reduction": CostReductionParameters,
    "budget_and_settlement": BudgetParameters,
    "province_comparison": ComparisonParameters,
    "data_quality": QualityParameters,
    "funding_mix": FundingMixParameters,
    "scenario_compare": ScenarioCompareParameters,
}


def checked(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters of report `name`, complete with defaults. Raises ParameterError with every fault at once."""
    return parameters_of(name, given).model_dump(mode="json")


def parameters_of(name: str, given: Mapping[str, Any]) -> ReportParameters:
    """The same, by name. Raises ParameterError with every fault at once."""
    if name not in MODELS:
        raise ParameterError(
            Fault(
                f"报告 {name}",
                "没有这个报告",
                nearest=nearest(name, MODELS),
                do=f"可用：{'、'.join(MODELS)}",
            )
        )
    model, unspoken = MODELS[name], _unspoken(name, given.get("lang", "zh"))
    try:
        asked = model(**given)
    except ValidationError as error:
        faults = [_fault(name, model, one) for one in error.errors()]
        raise ParameterError(faults + unspoken) from None
    if unspoken:
        raise ParameterError(unspoken)
    return asked


def given_whole(given: Any, texts: Mapping[str, Mapping]) -> Any:
    """A scenario, or each of a list or combination, in its own words where these are there."""
    if isinstance(given, list):
        return [given_whole(one, texts) for one in given]
    return texts.get(given, given) if isinstance(given, str) else given


def named_in(name: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """What a notebook's variables say of the parameters of report `name`."""
    known = MODELS[name].model_fields if name in MODELS else {}
    return {field: variables[field] for field in known if field in variables}


def _fault(name: str, model, error) -> Fault:
    field = ".".join(str(part) for part in error["loc"])[:SHOWN]
    if error["type"] == "extra_forbidden":
        return Fault(
            f"报告 {name} 的参数 {field}",
            "没有这个参数",
            nearest=nearest(field, model.model_fields),
        )
    known = model.model_fields.get(str(error["loc"][0]))
    kind = getattr(known.annotation, "__name__", str(known.annotation)) if known else ""
    given = f"{error['input']}"
    said = f"「{given if len(given) <= SHOWN else given[:SHOWN] + '…'}」的类型或取值不对"
    return Fault(f"报告 {name} 的参数 {field}", said, do=f"应为 {kind}")


def _unspoken(name: str, asked: Any) -> list[Fault]:
    """A language that the report has no words file for; what is no text is found elsewhere."""
    known = spoken(package_file("report", name))
    if asked in known or not isinstance(asked, str):
        return []
    do = f"可选：{'、'.join(known)}"
    return [Fault(f"报告 {name} 的参数 lang", f"没有「{asked}」的文字", do=do)]
