"""What a pot does, province by province, worked out beside the product."""

from onexmodel.engine.pots import allowed_in
from onexmodel.rules import funding as f


def before_and_after(study, result, view):
    """province → yuan of the pots, awarded, funding gap without any award and with it, of the place."""
    compiled, inside = result.compiled, study.scope(result.compiled)
    sums = compiled.space.maps["college", "province"].sum
    none = f.total_gap(
        result.served["needs"], compiled.leaves["own_limits"], allowed_in(compiled, view)
    )
    made = compiled.keys["province"].assign(
        pot=compiled.leaves["pot_central_award"] + compiled.leaves["pot_local_appropriation"],
        awarded=sums(result.served["award"]),
        gap_before=sums(none),
        gap_after=sums(result.served["funding_gap"]),
    )
    return made[inside["province"]].reset_index(drop=True)
