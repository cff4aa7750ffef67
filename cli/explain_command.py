"""`explain`: the whole life of one link."""

from datetime import UTC, datetime

import click

from cli.reading import read_only
from cli.starting import settings_for
from core.errors import UserError
from core.urls.normalize import RefusedUrl, host_of, normalize, without_secrets
from core.words import say


@click.command("explain")
@click.argument("url")
@click.pass_context
def command(ctx: click.Context, url: str) -> None:
    """Tell the whole life of one link: where it was seen, who wanted it, what became of it."""
    from store import reads

    try:
        key = normalize(url, allow_hosts=(host_of(url),))
    except RefusedUrl as refused:
        raise UserError(f"{url}: {say(refused.reason)}") from None
    with read_only(settings_for(ctx)) as db:
        life = reads.life_of(db, key)
    click.echo(f"normalized  {key}")
    if life is None:
        click.echo("unknown     no source has shown it, nobody has sent it")
        return
    if life.normalized_url != key:
        click.echo(f"alias of    {life.normalized_url}")
    click.echo(f"as given    {life.url}")
    click.echo(f"title       {life.title}")
    click.echo(f"first seen  {_moment(life.first_seen_ms)}")
    for each in life.sightings:
        click.echo(
            f"shown by    {each['title'] or ''} {without_secrets(str(each['url']))} "
            f"{_moment(each['seen_ms'])}"
        )
    for each in life.verdicts:
        rule = f" ({each['rule']})" if each["rule"] else ""
        click.echo(
            f"verdict     {each['verdict']}{rule} for No. {each['number']} of {each['chat_id']} "
            f"{_moment(each['at_ms'])}"
        )
    for each in life.queue:
        reason = f" ({say(str(each['reason']))})" if each["reason"] else ""
        number = f", message {each['message_id']}" if each["message_id"] else ""
        click.echo(f"in {each['chat_id']}: {each['state']}{reason}{number}, {each['attempts']} attempts")


def _moment(epoch_ms: object) -> str:
    return datetime.fromtimestamp(int(str(epoch_ms)) / 1000, tz=UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
