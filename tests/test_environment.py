from __future__ import annotations

import pytest

from qcvalidate.environment import refuse_disabled_checks
from qcvalidate.errors import UsageError


@pytest.mark.parametrize(
    "environment",
    [
        {"PANDERA_VALIDATION_ENABLED": "False"},
        {"PANDERA_VALIDATION_ENABLED": "0"},
        {"PANDERA_VALIDATION_ENABLED": ""},
        {"PANDERA_VALIDATION_DEPTH": "SCHEMA_ONLY"},
        {"PANDERA_VALIDATION_DEPTH": "DATA_ONLY"},
        {"PANDERA_VALIDATION_DEPTH": "junk"},
        {"PANDERA_USE_NARWHALS_BACKEND": "True"},
        {"PANDERA_USE_NARWHALS_BACKEND": "1"},
    ],
)
def test_a_disarmed_pandera_is_refused(environment: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="901 pandera-disabled"):
        refuse_disabled_checks(environment)


def test_a_usual_environment_is_accepted() -> None:
    refuse_disabled_checks(
        {"PANDERA_VALIDATION_ENABLED": "True", "PANDERA_USE_NARWHALS_BACKEND": "False", "A": "b"}
    )
