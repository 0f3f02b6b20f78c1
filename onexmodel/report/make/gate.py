"""What a notebook may be given: typed, strict; everything unknown or of a wrong type is refused with the nearest match."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from ...errors import Fault, ParameterError, nearest


def _day(text: str) -> str:
    """A day as YYYY-MM-DD, or nothing. Raises ValueError for another text."""
    return date.fromisoformat(text).isoformat() if text else ""


class ReportParameters(BaseModel):
    """What every notebook takes; the names are the variables of its parameters cell."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    data: str = "national"
    province: str = "44"
    college: str = ""
    year: int = 0
    scenario: list[str | dict[str, Any]] = Field(
        default_factory=list
    )  # names or paths; or given whole, as `verify` takes them out of a record (law.read_scenario)
    settings: dict[str, str] = Field(default_factory=dict)
    lang: Literal["zh", "en"] = "zh"
    internal: bool = False
    log2_draws: int = Field(0, ge=0, le=14)  # 0: by the size of the place (front/opening.py)
    seed: int = 20201231
    issuer: str = Field("", max_length=60)  # who issues the report, as printed under its title
    date: Annotated[str, AfterValidator(_day)] = ""  # of issue (YYYY-MM-DD); "" prints none


def _raised_cap() -> list[str | dict[str, Any]]:
    return ["cap_plus_20"]


class FeeCapParameters(ReportParameters):
    """fee_cap: the scheme asked about."""

    scenario: list[str | dict[str, Any]] = Field(default_factory=_raised_cap)


class PerformancePayParameters(ReportParameters):
    """performance_pay: what is shown beside today's rule."""


class CostReductionParameters(ReportParameters):
    """cost_reduction: the levers, and how far each is pulled (0–1)."""

    levers: list[str] = Field(default_factory=list)
    intensity: float = Field(1.0, ge=0, le=1)


class BudgetParameters(ReportParameters):
    """budget_and_settlement: the day on which accounts are looked at (YYYY-MM-DD; empty: the deadline)."""

    at: str = ""


class ComparisonParameters(ReportParameters):
    """province_comparison: every province of the data; `province` is the one the first sentence is about."""


MODELS: Mapping[str, type[ReportParameters]] = {
    "fee_cap": FeeCapParameters,
    "performance_pay": PerformancePayParameters,
    "cost_reduction": CostReductionParameters,
    "budget_and_settlement": BudgetParameters,
    "province_comparison": ComparisonParameters,
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
    model = MODELS[name]
    try:
        return model(**given)
    except ValidationError as error:
        raise ParameterError([_fault(name, model, one) for one in error.errors()]) from None


def named_in(name: str, variables: Mapping[str, Any]) -> dict[str, Any]:
    """What a notebook's variables say of the parameters of report `name`."""
    known = MODELS[name].model_fields if name in MODELS else {}
    return {field: variables[field] for field in known if field in variables}


def _fault(name: str, model, error) -> Fault:
    field = ".".join(str(part) for part in error["loc"])
    if error["type"] == "extra_forbidden":
        return Fault(
            f"报告 {name} 的参数 {field}",
            "没有这个参数",
            nearest=nearest(field, model.model_fields),
        )
    known = model.model_fields.get(str(error["loc"][0]))
    kind = getattr(known.annotation, "__name__", str(known.annotation)) if known else ""
    options = (
        "、".join(getattr(known.annotation, "__args__", ()))
        if error["type"] == "literal_error"
        else ""
    )
    do = f"可选：{options}" if options else f"应为 {kind}"
    return Fault(f"报告 {name} 的参数 {field}", f"「{error['input']}」的类型或取值不对", do=do)
