"""The messages of Envoy's external processing, as far as they are used here.

Names and numbers are those of Envoy's API: `envoy/service/ext_proc/v3/external_processor.proto` and what it imports.
They are described here and made into classes when this is imported, in a pool of descriptors of their own: generated
code would hold to one version of protobuf, and packages that bring all of Envoy's API also bring old copies of others'.
Fields that are not listed are kept and passed over, as protobuf does.
"""

from typing import Any

from google.protobuf import descriptor_pb2, duration_pb2, message_factory
from google.protobuf.descriptor_pool import DescriptorPool

SERVICE = "envoy.service.ext_proc.v3.ExternalProcessor"
MODE = "envoy.extensions.filters.http.ext_proc.v3"
CORE, TYPE, PROC = "envoy.config.core.v3", "envoy.type.v3", "envoy.service.ext_proc.v3"

# Values of enumerations, which travel as whole numbers.
OVERWRITE = 2  # HeaderValueOption.HeaderAppendAction.OVERWRITE_IF_EXISTS_OR_ADD
SEND, SKIP = 1, 2  # ProcessingMode.HeaderSendMode
NONE, STREAMED, BUFFERED, BUFFERED_PARTIAL = 0, 1, 2, 3  # ProcessingMode.BodySendMode

# package -> message -> field -> its number, and its type: a name of protobuf's, or a message; in a group of fields of
# which one is set, behind its name.
MESSAGES: dict[str, dict[str, dict[str, tuple[int, str]]]] = {
    CORE: {
        "HeaderValue": {"key": (1, "string"), "value": (2, "string"), "raw_value": (3, "bytes")},
        "HeaderValueOption": {
            "header": (1, f"{CORE}.HeaderValue"),
            "append_action": (3, "int32"),
            "keep_empty_value": (4, "bool"),
        },
        "HeaderMap": {"headers": (1, f"repeated {CORE}.HeaderValue")},
    },
    TYPE: {"HttpStatus": {"code": (1, "int32")}},
    MODE: {
        "ProcessingMode": {
            "request_header_mode": (1, "int32"),
            "response_header_mode": (2, "int32"),
            "request_body_mode": (3, "int32"),
            "response_body_mode": (4, "int32"),
            "request_trailer_mode": (5, "int32"),
            "response_trailer_mode": (6, "int32"),
        }
    },
    PROC: {
        "HttpHeaders": {"headers": (1, f"{CORE}.HeaderMap"), "end_of_stream": (3, "bool")},
        "HttpBody": {"body": (1, "bytes"), "end_of_stream": (2, "bool")},
        "HttpTrailers": {"trailers": (1, f"{CORE}.HeaderMap")},
        "HeaderMutation": {
            "set_headers": (1, f"repeated {CORE}.HeaderValueOption"),
            "remove_headers": (2, "repeated string"),
        },
        "BodyMutation": {"body": (1, "one mutation bytes"), "clear_body": (2, "one mutation bool")},
        "CommonResponse": {
            "status": (1, "int32"),
            "header_mutation": (2, f"{PROC}.HeaderMutation"),
            "body_mutation": (3, f"{PROC}.BodyMutation"),
        },
        "HeadersResponse": {"response": (1, f"{PROC}.CommonResponse")},
        "BodyResponse": {"response": (1, f"{PROC}.CommonResponse")},
        "TrailersResponse": {"header_mutation": (1, f"{PROC}.HeaderMutation")},
        "ImmediateResponse": {
            "status": (1, f"{TYPE}.HttpStatus"),
            "headers": (2, f"{PROC}.HeaderMutation"),
            "body": (3, "bytes"),
            "details": (5, "string"),
        },
        "ProcessingRequest": {
            "request_headers": (2, f"one request {PROC}.HttpHeaders"),
            "response_headers": (3, f"one request {PROC}.HttpHeaders"),
            "request_body": (4, f"one request {PROC}.HttpBody"),
            "response_body": (5, f"one request {PROC}.HttpBody"),
            "request_trailers": (6, f"one request {PROC}.HttpTrailers"),
            "response_trailers": (7, f"one request {PROC}.HttpTrailers"),
        },
        "ProcessingResponse": {
            "request_headers": (1, f"one response {PROC}.HeadersResponse"),
            "response_headers": (2, f"one response {PROC}.HeadersResponse"),
            "request_body": (3, f"one response {PROC}.BodyResponse"),
            "response_body": (4, f"one response {PROC}.BodyResponse"),
            "request_trailers": (5, f"one response {PROC}.TrailersResponse"),
            "response_trailers": (6, f"one response {PROC}.TrailersResponse"),
            "immediate_response": (7, f"one response {PROC}.ImmediateResponse"),
            "mode_override": (9, f"{MODE}.ProcessingMode"),
            "override_message_timeout": (10, "google.protobuf.Duration"),
        },
    },
}
SCALARS = {
    "bool": descriptor_pb2.FieldDescriptorProto.TYPE_BOOL,
    "bytes": descriptor_pb2.FieldDescriptorProto.TYPE_BYTES,
    "int32": descriptor_pb2.FieldDescriptorProto.TYPE_INT32,
    "string": descriptor_pb2.FieldDescriptorProto.TYPE_STRING,
}
Field = descriptor_pb2.FieldDescriptorProto


def _described(package: str) -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(name=f"{package}.proto", package=package, syntax="proto3")
    if package == PROC:
        file.dependency.extend([f"{each}.proto" for each in (CORE, TYPE, MODE)])
        file.dependency.append("google/protobuf/duration.proto")
    for name, fields in MESSAGES[package].items():
        message = file.message_type.add(name=name)
        for field, (number, kind) in fields.items():
            _describe(message, field, number, kind)
    return file


def _describe(message: descriptor_pb2.DescriptorProto, name: str, number: int, kind: str) -> None:
    *words, kind = kind.split(" ")
    repeated = words == ["repeated"]
    field = message.field.add(
        name=name, number=number, label=Field.LABEL_REPEATED if repeated else Field.LABEL_OPTIONAL
    )
    if kind in SCALARS:
        field.type = SCALARS[kind]
    else:
        field.type, field.type_name = Field.TYPE_MESSAGE, f".{kind}"
    if words and not repeated:
        if not message.oneof_decl:
            message.oneof_decl.add(name=words[1])
        field.oneof_index = 0


def _classes() -> dict[str, Any]:
    pool = DescriptorPool()
    duration = descriptor_pb2.FileDescriptorProto()
    duration_pb2.DESCRIPTOR.CopyToProto(duration)
    pool.Add(duration)
    for package in MESSAGES:
        pool.Add(_described(package))
    names = [f"{package}.{name}" for package, messages in MESSAGES.items() for name in messages]
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(name))
        for name in (*names, "google.protobuf.Duration")
    }


_MADE = _classes()
ProcessingRequest: Any = _MADE[f"{PROC}.ProcessingRequest"]
ProcessingResponse: Any = _MADE[f"{PROC}.ProcessingResponse"]
