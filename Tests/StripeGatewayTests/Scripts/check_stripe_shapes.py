#!/usr/bin/env python3
"""Compares what the tests send to and read from Stripe with the classes of Stripe's own Python SDK.

  check_stripe_shapes.py parameters FILE      [{"method", "path", "names": [...]}, ...]: every name is a parameter of its call
  check_stripe_shapes.py fixtures FILE...     every field of a fixture is a field of the class that its "object" names
  check_stripe_shapes.py signatures FILE      [{"header", "body", "secret"}, ...]: the SDK believes every one

Prints what does not fit, and ends with status 1 where anything does not. The SDK is the one on PYTHONPATH.
"""
import importlib
import json
import re
import sys
import types
import typing

import stripe

if not hasattr(stripe, "RequestOptions"):
    from stripe._request_options import RequestOptions
    stripe.RequestOptions = RequestOptions

PARAMETERS = [
    ("POST", r"/v1/customers", "_customer_create_params", "CustomerCreateParams"),
    ("GET", r"/v1/customers/search", "_customer_search_params", "CustomerSearchParams"),
    ("GET", r"/v1/customers/[^/]+", "_customer_retrieve_params", "CustomerRetrieveParams"),
    ("POST", r"/v1/checkout/sessions", "checkout._session_create_params", "SessionCreateParams"),
    ("GET", r"/v1/checkout/sessions", "checkout._session_list_params", "SessionListParams"),
    ("GET", r"/v1/checkout/sessions/[^/]+", "checkout._session_retrieve_params", "SessionRetrieveParams"),
    ("POST", r"/v1/checkout/sessions/[^/]+/expire", "checkout._session_expire_params", "SessionExpireParams"),
    ("POST", r"/v1/billing_portal/sessions", "billing_portal._session_create_params", "SessionCreateParams"),
    ("GET", r"/v1/subscriptions", "_subscription_list_params", "SubscriptionListParams"),
    ("GET", r"/v1/subscriptions/[^/]+", "_subscription_retrieve_params", "SubscriptionRetrieveParams"),
    ("POST", r"/v1/subscriptions/[^/]+", "_subscription_modify_params", "SubscriptionModifyParams"),
    ("DELETE", r"/v1/subscriptions/[^/]+", "_subscription_cancel_params", "SubscriptionCancelParams"),
    ("GET", r"/v1/subscription_items", "_subscription_item_list_params", "SubscriptionItemListParams"),
    ("POST", r"/v1/billing/meter_events", "billing._meter_event_create_params", "MeterEventCreateParams"),
    ("GET", r"/v1/billing/meters/[^/]+/event_summaries", "billing._meter_list_event_summaries_params",
     "MeterListEventSummariesParams"),
    ("GET", r"/v2/core/events/[^/]+", "v2.core._event_retrieve_params", "EventRetrieveParams"),
]
# Gone from the SDK with basil; looked at only where the SDK is older.
OLD_PARAMETERS = {
    r"/v1/subscription_items/[^/]+/usage_records": {"quantity", "timestamp", "action"},
    r"/v1/subscription_items/[^/]+/usage_record_summaries": {
        "limit", "starting_after", "ending_before", "expand"},
}

RESOURCES = {
    "subscription": "Subscription", "invoice": "Invoice", "customer": "Customer", "price": "Price", "plan": "Plan",
    "checkout.session": "checkout.Session", "billing_portal.session": "billing_portal.Session",
    "billing.meter_event": "billing.MeterEvent", "billing.meter_event_summary": "billing.MeterEventSummary",
    "subscription_item": "SubscriptionItem", "usage_record_summary": "UsageRecordSummary",
    "line_item": "InvoiceLineItem", "event": "Event",
}
problems = []


def params_class(module, name):
    for prefix in ("stripe.params.", "stripe."):
        try:
            return getattr(importlib.import_module(prefix + module), name)
        except (ImportError, AttributeError):
            continue
    return None


def options(annotation):
    """The types that an annotation allows, wrappers taken off."""
    origin = typing.get_origin(annotation)
    if origin is typing.Union or origin is types.UnionType:
        return [o for part in typing.get_args(annotation) for o in options(part)]
    if origin is not None and ("NotRequired" in str(origin) or "Required" in str(origin)):
        return options(typing.get_args(annotation)[0])
    return [annotation]


def parameters(cls):
    """A call's own parameters; those of every call (key, version, …) are headers, and name types of other modules."""
    own = {k: v for k, v in cls.__annotations__.items() if k not in stripe.RequestOptions.__annotations__}
    plain = type(cls.__name__, (), {"__annotations__": own, "__module__": cls.__module__})
    return typing.get_type_hints(plain, include_extras=True)


def accepts(annotation, steps):
    for option in options(annotation):
        origin = typing.get_origin(option)
        if not steps:
            if option in (str, int, bool, float) or origin is typing.Literal:
                return True
        elif origin in (list, typing.List) and steps[0].isdigit():
            if accepts(typing.get_args(option)[0], steps[1:]):
                return True
        elif origin in (dict, typing.Dict):
            if accepts(typing.get_args(option)[1], steps[1:]):
                return True
        elif isinstance(option, type) and hasattr(option, "__total__"):
            hints = parameters(option)
            if steps[0] in hints and accepts(hints[steps[0]], steps[1:]):
                return True
    return False


def check_parameters(path):
    for call in json.load(open(path)):
        what = f'{call["method"]} {call["path"]}'
        old = next((names for pattern, names in OLD_PARAMETERS.items() if re.fullmatch(pattern, call["path"])), None)
        if old is not None:
            problems.extend(f"{what}: {name} is no parameter" for name in call["names"] if name not in old)
            continue
        found = [row for row in PARAMETERS if row[0] == call["method"] and re.fullmatch(row[1], call["path"])]
        if not found:
            problems.append(f"{what}: not a call that is known here")
            continue
        cls = params_class(found[0][2], found[0][3])
        if cls is None:
            # Calls without parameters have no class.
            problems.extend(f"{what}: {name} is no parameter" for name in call["names"])
            continue
        for name in call["names"]:
            steps = re.findall(r"[^\[\]]+", name)
            if not accepts(cls, steps):
                problems.append(f"{what}: {name} is no parameter of {found[0][3]}")


def resource(name):
    target = stripe
    for part in name.split("."):
        target = getattr(target, part)
    return target


def annotations(cls):
    found = {}
    for base in reversed(cls.__mro__):
        found.update(getattr(base, "__annotations__", {}))
    return found


def check_object(value, cls, path):
    fields = annotations(cls)
    inner = getattr(cls, "_inner_class_types", {})
    for name, content in value.items():
        if name not in fields:
            problems.append(f"{path}/{name} is no field of {cls.__qualname__}")
            continue
        if name in ("metadata", "payload", "previous_attributes") or (cls.__name__ == "Event" and name == "data"):
            continue
        for index, child in enumerate(content if isinstance(content, list) else [content]):
            if not isinstance(child, dict):
                continue
            place = f"{path}/{name}" + (f"/{index}" if isinstance(content, list) else "")
            if child.get("object") == "list":
                for number, element in enumerate(child["data"]):
                    check_object(element, resource(RESOURCES[element["object"]]), f"{place}/data/{number}")
            elif child.get("object") in RESOURCES:
                check_object(child, resource(RESOURCES[child["object"]]), place)
            elif name in inner:
                check_object(child, inner[name], place)
            else:
                nested = next((c for n, c in vars(cls).items() if isinstance(c, type) and n.lower() == name.replace("_", "")), None)
                if nested is None:
                    problems.append(f"{place}: no class is known for it")
                else:
                    check_object(child, nested, place)


def check_fixtures(paths):
    for path in paths:
        value = json.load(open(path))
        if value.get("object") == "v2.core.event":
            module = importlib.import_module("stripe.events._v1_billing_meter_error_report_triggered_event")
            event = module.V1BillingMeterErrorReportTriggeredEvent
            data = event.V1BillingMeterErrorReportTriggeredEventData
            check_object({k: v for k, v in value.items() if k != "data"}, event, path)
            check_object(value["data"], data, path + "/data")
        else:
            check_object(value, resource(RESOURCES[value["object"]]), path)


def check_signatures(path):
    for row in json.load(open(path)):
        try:
            stripe.WebhookSignature.verify_header(row["body"], row["header"], row["secret"], None)
        except Exception as error:
            problems.append(f"{row['header']}: {error}")


command, arguments = sys.argv[1], sys.argv[2:]
if command == "parameters":
    check_parameters(arguments[0])
elif command == "fixtures":
    check_fixtures(arguments)
else:
    check_signatures(arguments[0])
print("\n".join(problems))
sys.exit(1 if problems else 0)
