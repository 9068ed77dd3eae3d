"""The pages of one's own account: log-in, registration, password; plain forms without a script."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.accounts.passwords import SHORTEST
from assistant.web.html import esc
from assistant.web.shell import own_page

_RULE = f"至少 {SHORTEST} 个字符，不要用账号、姓名、手机号或常见的密码。"


@dataclass(frozen=True, slots=True)
class Registering:
    """What somebody typed to register, without the password."""

    code: str = ""
    account: str = ""
    name: str = ""
    post: str = ""
    phone: str = ""


def account_page(path: str, heading: str, body: str) -> str:
    """Return a page of the account with a heading; `body` is HTML, already escaped."""
    main = f'<main id="z-account" tabindex="-1"><h1>{esc(heading)}</h1>{body}</main>'
    return own_page(path, main, "z-account", ("account.css",), ())


def login_page(
    where: str, account: str = "", trouble: str = "", *, on: bool = True, new: bool = True
) -> str:
    """Return the page 登录; `where` is the address to go on to.

    With `on` accounts are on, and with `new` one can register.
    """
    off = "现在没有启用账号，不登录就能用。只有要管理账号的人才需要登录。"
    fields = (
        hidden("next", where)
        + field("account", "工号或账号", account, autocomplete="username", required=True)
        + field("password", "密码", kind="password", autocomplete="current-password",
                required=True)
    )  # fmt: skip
    help_ = '<p class="z-note">忘了密码，请找本单位的管理员重设。</p>'
    joining = '<p><a class="z-plain" href="/register">有单位口令，注册新账号</a></p>' if new else ""
    return account_page(
        "/login", "登录",
        f"{'' if on else note(off)}{said(trouble)}{form('/login', fields, '登录')}{help_}{joining}",
    )  # fmt: skip


def register_page(typed: Registering, trouble: str = "") -> str:
    """Return the page 注册 with what was typed before."""
    fields = (
        field("code", "单位口令", typed.code, autocomplete="off", required=True,
              hint="问本单位的培训员或管理员。")
        + field("account", "工号或账号", typed.account, autocomplete="username", required=True,
                hint="以后用它登录。")
        + field("name", "姓名", typed.name, autocomplete="name", required=True)
        + field("post", "岗位（可以不填）", typed.post, autocomplete="organization-title")
        + field("phone", "手机号（可以不填）", typed.phone, kind="tel", autocomplete="tel")
        + field("password", "密码", kind="password", autocomplete="new-password", required=True,
                hint=_RULE)
        + field("again", "再输一次密码", kind="password", autocomplete="new-password",
                required=True)
    )  # fmt: skip
    back = '<p><a class="z-plain" href="/login">已有账号，去登录</a></p>'
    return account_page(
        "/register", "注册", f"{said(trouble)}{form('/register', fields, '注册')}{back}"
    )


def password_page(
    where: str, trouble: str = "", done: str = "", *, must: bool = False, guest: bool = False
) -> str:
    """Return the page 我的账号: the password, and what was practised here without an account.

    With `must` the password was given by somebody else; `guest`: this browser has practice of its
    own that can be taken over.
    """
    first = "这是别人给你的初始密码。请先改成自己的密码，再继续。"
    fields = (
        hidden("next", where)
        + field("old", "初始密码" if must else "原来的密码", kind="password",
                autocomplete="current-password", required=True)
        + field("new", "新密码", kind="password", autocomplete="new-password", required=True,
                hint=_RULE)
        + field("again", "再输一次新密码", kind="password", autocomplete="new-password",
                required=True)
    )  # fmt: skip
    changing = form("/password", fields, "保存新密码")
    take = (
        "<h2>没登录时的练习</h2><p>这台设备上有没登录时的练习，可以并入你的账号。"
        "只能并一次，请确认那是你自己做的。</p>" + form("/take-over", "", "并入我的账号")
        if guest and not must
        else ""
    )
    body = f"{note(first) if must else ''}{said(trouble)}{note(done) if done else ''}"
    return account_page(
        "/password", "改密码" if must else "我的账号",
        f"{body}{'' if must else '<h2>改密码</h2>'}{changing}{take}",
    )  # fmt: skip


def message_page(sentence: str) -> str:
    """Return a page that says why something is not open, and leads back."""
    back = '<p><a class="z-plain" href="/">回到首页</a></p>'
    return account_page("/login", "打不开这一页", f"{said(sentence)}{back}")


def said(trouble: str) -> str:
    """Return what hinders, read out at once; "" for nothing. Line by line."""
    lines = "<br>".join(map(esc, trouble.splitlines()))
    return f'<p class="z-trouble" role="alert">{lines}</p>' if trouble else ""


def note(text: str) -> str:
    """Return a sentence to be seen before the form."""
    return f'<p class="z-say" role="status">{esc(text)}</p>'


def hidden(name: str, value: str) -> str:
    """Return a field that is sent along."""
    return f'<input type="hidden" name="{name}" value="{esc(value)}">'


def field(
    name: str,
    label: str,
    value: str = "",
    *,
    kind: str = "text",
    autocomplete: str = "off",
    required: bool = False,
    hint: str = "",
    bounds: tuple[int, int] | None = None,
) -> str:
    """Return a labelled field of a form; `bounds` of a whole number."""
    limits = f' min="{bounds[0]}" max="{bounds[1]}" inputmode="numeric"' if bounds else ""
    told = f'<small id="z-h-{name}">{esc(hint)}</small>' if hint else ""
    described = f' aria-describedby="z-h-{name}"' if hint else ""
    return (
        f'<p class="z-field"><label>{esc(label)}'
        f'<input name="{name}" type="{kind}" value="{esc(value)}" maxlength="200"'
        f' autocomplete="{autocomplete}" autocapitalize="off" spellcheck="false"{described}{limits}'
        f"{' required' if required else ''}></label>{told}</p>"
    )


def form(action: str, fields: str, button: str) -> str:
    """Return a form with one button; `fields` is HTML."""
    return (
        f'<form method="post" action="{esc(action)}">{fields}'
        f'<p><button class="z-primary" type="submit">{esc(button)}</button></p></form>'
    )
