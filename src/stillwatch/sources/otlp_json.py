"""OpenTelemetry traces and logs in OTLP/JSON, with the attributes of generative-AI calls.

Reads what the Collector's file exporter writes (one `resourceSpans` or `resourceLogs` object a line), and a
single such document. Spans of calls that ask a model for an answer become exchanges; every other span or log
event is passed over. Four generations of names are read: current `gen_ai.*`, v1.36 (`gen_ai.system`, one
event a message), OpenLLMetry (`gen_ai.prompt.N...`, `traceloop.*`) and OpenInference (`llm.*`).

OpenTelemetry fixes no name for who is billed. The account is the first there is of `stillwatch.account_id`,
`account.id`, `account_id`, `tenant.id`, `organization.id`, `traceloop.association.properties.` followed by
account_id, customer_id or org_id, `enduser.id`, `user.id`, `gen_ai.user`, and `...properties.user_id`, on the
span or its resource; a call with none of them is rejected. `exchange_id` is trace id and span id.

Cannot see: prompts and answers unless content capture is on (it is off by default). Messages that v1.36 sends
as log events are put together within one document only and are not joined to the span in another file: pass
the spans or the log events, not both.
"""

from stillwatch.sources._reading.json_log import JsonLog
from stillwatch.sources._reading.otlp import read

EXAMPLE = b"""\
{"resourceSpans": [{"resource": {"attributes": [{"key": "tenant.id", "value": {"stringValue": "acc-a"}}]}, "scopeSpans": [{"spans": [{"traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174", "name": "chat large-1", "startTimeUnixNano": "1772438400000000000", "endTimeUnixNano": "1772438401500000000", "attributes": [{"key": "gen_ai.operation.name", "value": {"stringValue": "chat"}}, {"key": "gen_ai.provider.name", "value": {"stringValue": "openai"}}, {"key": "gen_ai.request.model", "value": {"stringValue": "large-1"}}, {"key": "gen_ai.usage.input_tokens", "value": {"intValue": "12"}}, {"key": "gen_ai.usage.output_tokens", "value": {"intValue": "4"}}, {"key": "gen_ai.input.messages", "value": {"stringValue": "[{\\"role\\": \\"user\\", \\"parts\\": [{\\"type\\": \\"text\\", \\"content\\": \\"Grade this.\\"}]}]"}}, {"key": "gen_ai.output.messages", "value": {"stringValue": "[{\\"role\\": \\"assistant\\", \\"parts\\": [{\\"type\\": \\"text\\", \\"content\\": \\"4 of 5\\"}], \\"finish_reason\\": \\"stop\\"}]"}}], "status": {}}]}]}]}
{"resourceSpans": [{"resource": {"attributes": []}, "scopeSpans": [{"spans": [{"traceId": "5b8efff798038103d269b633813fc60d", "spanId": "eee19b7ec3c1b175", "name": "openai.chat", "startTimeUnixNano": "1772438402000000000", "endTimeUnixNano": "1772438403000000000", "attributes": [{"key": "gen_ai.system", "value": {"stringValue": "openai"}}, {"key": "llm.request.type", "value": {"stringValue": "chat"}}, {"key": "gen_ai.request.model", "value": {"stringValue": "large-1"}}, {"key": "traceloop.association.properties.user_id", "value": {"stringValue": "acc-b"}}, {"key": "gen_ai.prompt.0.role", "value": {"stringValue": "user"}}, {"key": "gen_ai.prompt.0.content", "value": {"stringValue": "Hi"}}, {"key": "gen_ai.completion.0.role", "value": {"stringValue": "assistant"}}, {"key": "gen_ai.completion.0.content", "value": {"stringValue": "Hello"}}]}]}]}]}
"""


def score(head: bytes) -> float:
    """Sure of the two names every OTLP document begins with one of."""
    return 0.95 if b'"resourceSpans"' in head or b'"resourceLogs"' in head else 0.0


SOURCE = JsonLog("otlp_json", EXAMPLE, score, read)
