"""Read a config file: accepted whole, or refused with every problem at once.

Owns: TOML, overrides, the wording of problems, and writing a config with its comments.
Does not know: what the settings do (`settings` describes them, the other rooms obey them).
"""

from __future__ import annotations

import json
import re
import tomllib
import types
import typing
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tomlkit
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from topics.errors import ConfigError, InputError, UsageError, did_you_mean
from training.settings import Config

#: A thousand targets with twenty patterns each take half of this.
MAX_BYTES = 1 << 20

__all__ = ["Config", "load_config", "parse_config", "render_config", "schema"]


def load_config(path: str | Path, overrides: Sequence[str] = ()) -> Config:
    """Return the config at `path` with `overrides` such as "lda.n_topics=40" applied.

    Raises InputError where the file cannot be read, ConfigError with every problem where it cannot be run.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}; `topics init DATA` writes a config", file=str(path)) from None
    if len(raw) > MAX_BYTES:
        raise ConfigError(str(path), [f"larger than {MAX_BYTES >> 20} MB: this is no config"])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), [f"not UTF-8 (byte {error.start}); save it as UTF-8"]) from None
    return parse_config(text, str(path), overrides)


def parse_config(text: str, name: str, overrides: Sequence[str] = ()) -> Config:
    """Return the config written in `text`; `name` is what messages call it."""
    try:
        values = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # besides its own, tomllib lets out those of int and of deep nesting
        raise ConfigError(name, [f"not TOML: {str(error)[:200]}"]) from None
    for override in overrides:
        _apply(values, override)
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        raise ConfigError(name, _problems(error)) from None


#: A name in quotes may hold dots and equals signs: stance.targets."aid to Ukraine".patterns
_OVERRIDE = re.compile(r"""((?:"[^"]*"|[^"=])*)=(.*)""", re.DOTALL)
_STEP = re.compile(r"""\s*(?:"([^"]*)"|([^".]+?))\s*(?:\.|$)""")


def _apply(values: dict[str, Any], override: str) -> None:
    """Set "a.b=value" in `values`; the value is TOML, or a plain string where it is not."""
    whole = _OVERRIDE.fullmatch(override)
    steps = list(_STEP.finditer(whole[1])) if whole else []
    if whole is None or "".join(step[0] for step in steps) != whole[1] or not steps or whole[1].rstrip().endswith("."):
        raise UsageError(f"--set {override}: expected name=value, such as --set lda.n_topics=40")
    try:
        read = tomllib.loads(f"value = {whole[2]}")
        value = read["value"] if len(read) == 1 else whole[2]
    except (ValueError, RecursionError):
        value = whole[2]
    *sections, name = (step[2] if step[1] is None else step[1] for step in steps)
    here = values
    for section in sections:
        here = here.setdefault(section, {})
        if not isinstance(here, dict):
            raise UsageError(f"--set {override}: {section} is a setting, not a section with settings of its own")
    here[name] = value


def _problems(error: ValidationError) -> list[str]:
    # A union reports once for each of its members: the first line of a place speaks for it, with all that was expected.
    by_place: dict[str, list[ErrorDetails]] = {}
    for detail in error.errors():
        by_place.setdefault(_place(detail["loc"])[0], []).append(detail)
    # In a list with one wrong entry, that the list is not a string, either, helps nobody.
    entries = {place.rpartition("[")[0] for place in by_place if place.endswith("]")}
    return [_problem(place, details) for place, details in by_place.items() if place not in entries]


def _place(loc: tuple[int | str, ...]) -> tuple[str, type[BaseModel]]:
    """Return "lda.n_topics" for a location, and the section it is in; pydantic's names for members of a union are left out."""
    place, holds = "", Config  # type: tuple[str, type[BaseModel]]
    annotation: Any = Config
    for part in loc:
        section = _section(annotation)
        if isinstance(part, int):
            place += f"[{part}]"
        elif typing.get_origin(annotation) is dict:  # the name of a target, or a key that is free
            place += "." + _key(part)
            annotation = typing.get_args(annotation)[1]
        elif section is not None:
            place += ("." if place else "") + _key(part)
            holds, field = section, section.model_fields.get(part)
            annotation = field.annotation if field else None
    return place, holds


_EXPECTED = {
    "int_type": "a whole number",
    "float_type": "a number",
    "string_type": "a string",
    "bool_type": "true or false",
    "finite_number": "a finite number",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a section",
}


def _problem(place: str, details: list[ErrorDetails]) -> str:
    # Of a union's members, the one that took the value's type and then refused it says most.
    details = [d for d in details if d["type"] not in (*_EXPECTED, "literal_error")] or details
    detail = details[0]
    got, context = _shown(detail["input"]), detail.get("ctx", {})
    kinds = [d["type"] for d in details]
    if kinds[0] == "missing":
        return f"{place}: missing"
    if kinds[0] == "extra_forbidden":
        names = list(_place(detail["loc"])[1].model_fields)
        hint = did_you_mean(str(detail["loc"][-1]), names) or "; known here: " + ", ".join(names)
        return f"{place}: no such setting{hint}"
    if kinds[0] == "string_pattern_mismatch":
        return f"{place}: only letters, digits, '.', '_' and '-', beginning with a letter or digit, got {got}"
    limits = {"greater_than_equal": "at least", "greater_than": "above", "less_than_equal": "at most", "less_than": "below"}
    if kinds[0] in limits:
        return f"{place}: must be {limits[kinds[0]]} {next(iter(context.values()))}, got {got}"
    if kinds[0] in ("too_short", "too_long", "string_too_short"):
        bound = context.get("min_length", context.get("max_length"))
        side = "at least" if "short" in kinds[0] else "at most"
        return f"{place}: must be {side} {bound} {'characters' if 'string' in kinds[0] else 'in number'}, got {got}"
    expected: list[str] = []
    near = ""
    for d in details:
        if d["type"] == "literal_error":
            allowed = str(d.get("ctx", {}).get("expected", ""))
            expected.append(allowed)
            near = near or did_you_mean(str(detail["input"]), re.findall(r"'([^']*)'", allowed))
        elif d["type"] in _EXPECTED:
            expected.append(_EXPECTED[d["type"]])
    wanted = " or ".join(dict.fromkeys(expected))
    if wanted:
        return f"{place}: expected {wanted}, got {got}{near}"
    return f"{place}: {detail['msg'].removeprefix('Value error, ')}, got {got}"


def _shown(value: Any) -> str:  # noqa: ANN401 - whatever a config holds
    """Return a value as TOML has it, cut where it is long."""
    try:
        text = _value(value)
    except (TypeError, ValueError, RecursionError):
        text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _section(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 - an annotation may be anything
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if typing.get_origin(annotation) in (typing.Union, types.UnionType, dict):
        return next((s for s in map(_section, typing.get_args(annotation)) if s), None)
    return None


def render_config(config: Config) -> str:
    """Return the config as TOML, every setting written out under a comment that says what it does."""
    lines: list[str] = []
    _render(config, "", lines)
    return "\n".join(lines) + "\n"


def _render(section: BaseModel, prefix: str, lines: list[str]) -> None:
    later: list[tuple[str, BaseModel]] = []
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            later.append((prefix + name, value))
        elif isinstance(value, dict) and any(isinstance(v, BaseModel) for v in value.values()):
            later += [(f"{prefix}{name}.{_key(key)}", inner) for key, inner in value.items()]
        elif _section(field.annotation) is None:
            lines.append(f"# {field.description}" if field.description else f"# {name}")
            lines.append(f"# {name} =" if value is None else f"{name} = {_value(value)}")
    for name, inner in later:
        lines += ["", f"# {(type(inner).__doc__ or '').strip().splitlines()[0]}", f"[{name}]"]
        _render(inner, name + ".", lines)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[\w-]+", name, re.ASCII) else str(tomlkit.item(name).as_string())


def _value(value: Any) -> str:  # noqa: ANN401 - whatever TOML can hold
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return str(tomlkit.item(value).as_string())


def schema() -> str:
    """Return the JSON Schema of a config, for editors that complete and check TOML."""
    return json.dumps(Config.model_json_schema(), indent=2, ensure_ascii=False)
