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

__all__ = ["Config", "load_config", "parse_config", "render_config", "schema"]


def load_config(path: str | Path, overrides: Sequence[str] = ()) -> Config:
    """Return the config at `path` with `overrides` such as "lda.n_topics=40" applied.

    Raises InputError where the file cannot be read, ConfigError with every problem where it cannot be run.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}; `topics init DATA` writes a config", file=str(path)) from None
    except UnicodeDecodeError as error:
        raise ConfigError(str(path), [f"not UTF-8 (byte {error.start}); save it as UTF-8"]) from None
    return parse_config(text, str(path), overrides)


def parse_config(text: str, name: str, overrides: Sequence[str] = ()) -> Config:
    """Return the config written in `text`; `name` is what messages call it."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(name, [f"not TOML: {error}"]) from None
    for override in overrides:
        _apply(values, override)
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        raise ConfigError(name, _problems(error)) from None


def _apply(values: dict[str, Any], override: str) -> None:
    """Set "a.b=value" in `values`; the value is TOML, or a plain string where it is not."""
    key, equals, written = override.partition("=")
    if not equals:
        raise UsageError(f"--set {override}: expected name=value, such as --set lda.n_topics=40")
    try:
        value = tomllib.loads(f"value = {written}")["value"]
    except tomllib.TOMLDecodeError:
        value = written
    # A name in quotes may hold dots: stance.targets."aid to Ukraine".patterns
    parts = [quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|([^.]+)', key.strip())]
    here = values
    for part in parts[:-1]:
        here = here.setdefault(part.strip(), {})
        if not isinstance(here, dict):
            raise UsageError(f"--set {override}: {part} is not a section")
    here[parts[-1].strip()] = value


def _problems(error: ValidationError) -> list[str]:
    # A union reports once for each of its members: the first line of a place speaks for it, with all that was expected.
    by_place: dict[str, list[ErrorDetails]] = {}
    for detail in error.errors():
        by_place.setdefault(_place(detail["loc"]), []).append(detail)
    return [_problem(place, details) for place, details in by_place.items()]


_MEMBERS = re.compile(r"^(str|int|float|bool|list\[.*|literal\[.*|constrained.*|function.*|dict\[.*)$")


def _place(loc: tuple[int | str, ...]) -> str:
    """Return "lda.n_topics" for a location; the names that pydantic gives to members of a union are left out."""
    parts: list[str] = []
    for part in loc:
        if isinstance(part, int):
            parts[-1] += f"[{part}]"
        elif not _MEMBERS.match(part):
            parts.append(part if re.fullmatch(r"[\w-]+", part) else json.dumps(part, ensure_ascii=False))
    return ".".join(parts)


_EXPECTED = {
    "int_type": "a whole number",
    "float_type": "a number",
    "string_type": "a string",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a table",
    "model_type": "a section",
}


def _problem(place: str, details: list[ErrorDetails]) -> str:
    detail = details[0]
    got, context = detail["input"], detail.get("ctx", {})
    kinds = [d["type"] for d in details]
    if kinds[0] == "missing":
        return f"{place}: missing"
    if kinds[0] == "extra_forbidden":
        names = _known_names(place)
        hint = did_you_mean(place.rpartition(".")[2], names) or "; known here: " + ", ".join(names)
        return f"{place}: no such setting{hint}"
    if kinds[0] == "string_pattern_mismatch":
        return f"{place}: only letters, digits, '.', '_' and '-', beginning with a letter or digit, got {got!r}"
    limits = {"greater_than_equal": "at least", "greater_than": "above", "less_than_equal": "at most", "less_than": "below"}
    for d in details:
        if d["type"] in limits:
            bound = next(iter(d.get("ctx", {}).values()))
            return f"{place}: must be {limits[d['type']]} {bound}, got {got!r}"
    if kinds[0] in ("too_short", "too_long", "string_too_short"):
        bound = context.get("min_length", context.get("max_length"))
        side = "at least" if "short" in kinds[0] else "at most"
        return f"{place}: must have {side} {bound} {'characters' if 'string' in kinds[0] else 'entries'}, got {got!r}"
    expected: list[str] = []
    near = ""
    for d in details:
        if d["type"] == "literal_error":
            allowed = str(d.get("ctx", {}).get("expected", ""))
            expected.append(allowed)
            near = near or did_you_mean(str(got), re.findall(r"'([^']*)'", allowed))
        elif d["type"] in _EXPECTED:
            expected.append(_EXPECTED[d["type"]])
    wanted = " or ".join(dict.fromkeys(expected))
    return f"{place}: expected {wanted}, got {got!r}{near}" if wanted else f"{place}: {detail['msg']}, got {got!r}"


def _known_names(place: str) -> list[str]:
    """Return the settings known in the section that holds `place`."""
    model: type[BaseModel] = Config
    for part in re.findall(r'"[^"]*"|[^.]+', place)[:-1]:
        field = model.model_fields.get(part)
        inner = _section(field.annotation) if field else None
        if inner is None:
            continue  # the name of a target: its settings are those found last
        model = inner
    return list(model.model_fields)


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
    return name if re.fullmatch(r"[\w-]+", name, re.ASCII) else json.dumps(name, ensure_ascii=False)


def _value(value: Any) -> str:  # noqa: ANN401 - whatever TOML can hold
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }" if value else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return str(tomlkit.item(value).as_string())


def schema() -> str:
    """Return the JSON Schema of a config, for editors that complete and check TOML."""
    return json.dumps(Config.model_json_schema(), indent=2, ensure_ascii=False)
