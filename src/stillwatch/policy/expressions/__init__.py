"""The conditions of a policy: CEL, read and typed at load, and run by the CEL library."""

from stillwatch.policy.expressions.condition import Condition, compile_condition
from stillwatch.policy.expressions.tokens import WrongExpression

__all__ = ["Condition", "WrongExpression", "compile_condition"]
