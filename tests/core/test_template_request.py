"""What people type after /template."""

import pytest

from core.errors import UserError
from core.requests import Target
from core.template_request import TemplateRequest, parse_template


@pytest.mark.parametrize(
    ("text", "replied", "request_"),
    [
        ("", "", TemplateRequest()),
        ("3", "", TemplateRequest(number=3)),
        ("default", "", TemplateRequest(text="default")),
        ("3 Default", "a template", TemplateRequest(number=3, text="Default")),
        ("{{ a }}\n\n{{ b }}", "", TemplateRequest(text="{{ a }}\n\n{{ b }}")),
        ("@news 3\n{{ a }}", "", TemplateRequest(target=Target(chat="@news"), number=3, text="{{ a }}")),
        ("-100/5 {{ a }}", "", TemplateRequest(target=Target(chat=-100, topic_id=5), text="{{ a }}")),
        ("", "{{ a }}", TemplateRequest(text="{{ a }}")),
        ("3", "{{ a }}", TemplateRequest(number=3, text="{{ a }}")),
        ("3rd {{ a }}", "", TemplateRequest(text="3rd {{ a }}")),
    ],
)
def test_requests(text: str, replied: str, request_: TemplateRequest) -> None:
    request = parse_template(text, replied=replied)
    assert request == request_
    assert request.resets == (request.text.lower() == "default")


def test_two_templates_are_one_too_many() -> None:
    with pytest.raises(UserError, match="Either"):
        parse_template("{{ a }}", replied="{{ b }}")
