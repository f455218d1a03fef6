"""Latent topics that another tool learned, as a model of ours: MALLET's state, gensim's .npy files. Nothing is unpickled.

Owns: which files are read, the vocabulary made from them, words that texts are not read into.
Does not know: the forms themselves (`lda_bridges`), artifacts.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from topics.errors import InputError
from topics.lda import LatentTopics
from topics.predict import Model
from topics.terms import Vocabulary
from topics.tokens import Analysis, analyzer
from training.lda_bridges import arrays_from_gensim_files, from_mallet_state
from training.settings import TfidfSettings
from training.tfidf import learn_tfidf

#: A state has about 30 bytes a token: this is of a hundred million.
MAX_BYTES = 4 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign:
    """What was read."""

    latent: LatentTopics
    vocabulary: Vocabulary
    analysis: Analysis
    #: Words that no text is read into, so that they would never be counted.
    left_out: int
    #: Of the bytes read.
    sha256: str

    def model(self) -> Model:
        """Return a model that knows latent topics alone."""
        tfidf = learn_tfidf(self.vocabulary, TfidfSettings())
        return Model(vocabulary=self.vocabulary, analysis=self.analysis, tfidf=tfidf, latent=self.latent, manifest={})


def read_mallet(path: Path) -> Foreign:
    """Return the latent topics of a MALLET topic state, as --output-state writes it (.gz or not).

    Document frequencies are counted from its tokens. Raises InputError, with the line, for what is not a state.
    """
    raw = _bytes(path)
    try:
        text = (_unpacked(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8")
    except (UnicodeDecodeError, EOFError, OSError, zlib.error) as error:
        raise InputError(f"not a MALLET topic state ({str(error)[:100]})", file=str(path)) from None
    lines = text.splitlines()
    if not lines or not lines[0].startswith("#doc"):
        raise InputError("not a MALLET topic state: it begins with '#doc source pos typeindex type topic'", file=str(path))
    documents: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    for line in lines:
        fields = line.split()
        if not line.startswith("#") and len(fields) >= 5:
            documents.add(fields[0])
            pairs.add((fields[0], fields[-2]))
    frequency = Counter(word for _, word in pairs)
    vocabulary, analysis, left_out = _vocabulary(frequency, len(documents), path)
    try:
        latent = from_mallet_state(iter(lines), vocabulary)
    except InputError as error:
        raise InputError(str(error), file=str(path)) from None
    return Foreign(latent=latent, vocabulary=vocabulary, analysis=analysis, left_out=left_out, sha256=_digest([raw]))


def read_gensim(folder: Path) -> Foreign:
    """Return the latent topics in a folder with gensim's *.expElogbeta.npy (or *.sstats.npy), *.alpha.npy and a dictionary.

    `LdaModel.save` writes expElogbeta beside its pickle, which is not read; `Dictionary.save_as_text` writes the
    dictionary (*.txt); alpha is in the pickle alone (`np.save("lda.alpha.npy", model.alpha)`), without it 1 / K.
    Raises InputError where one of them is missing or they do not fit together.
    """
    if not folder.is_dir():
        raise InputError("name the folder that holds gensim's files", file=str(folder))
    arrays: dict[str, npt.NDArray[Any]] = {}
    read: list[bytes] = []
    for name in ("expElogbeta", "sstats", "alpha"):
        found = sorted(folder.glob(f"*.{name}.npy"))
        if len(found) > 1:
            raise InputError(
                f"holds several models: {found[0].name}, {found[1].name}; give each a folder of its own", file=str(folder)
            )
        if found:
            read.append(_bytes(found[0]))
            arrays[name] = _array(found[0])
    texts = sorted(folder.glob("*.txt"))
    if not arrays.keys() - {"alpha"} or len(texts) != 1:
        raise InputError(
            "needs one *.expElogbeta.npy (LdaModel.save writes it) and one dictionary as text: "
            f"model.id2word.save_as_text('dictionary.txt'); found {len(texts)} .txt files",
            file=str(folder),
        )
    read.append(_bytes(texts[0]))
    words, frequency, n_documents = _dictionary(texts[0], read[-1])
    vocabulary, analysis, left_out = _vocabulary(frequency, n_documents, texts[0])
    try:
        latent = arrays_from_gensim_files(arrays, words, vocabulary)
    except InputError as error:
        raise InputError(str(error), file=str(folder)) from None
    return Foreign(latent=latent, vocabulary=vocabulary, analysis=analysis, left_out=left_out, sha256=_digest(read))


def _array(path: Path) -> npt.NDArray[Any]:
    try:
        found = np.load(path, allow_pickle=False)
    except (ValueError, OSError, EOFError) as error:
        raise InputError(f"not an array that can be read without unpickling: {str(error)[:100]}", file=str(path)) from None
    if found.dtype.kind != "f" or not np.isfinite(found).all():
        raise InputError("must hold finite numbers", file=str(path))
    return np.asarray(found)


def _dictionary(path: Path, raw: bytes) -> tuple[list[str], Mapping[str, int], int]:
    """Return (words by id, articles each is in, number of articles) of what `Dictionary.save_as_text` wrote."""
    lines = raw.decode("utf-8", "replace").splitlines()
    by_id: dict[int, tuple[str, int]] = {}
    for number, line in enumerate(lines[1:], 2):
        fields = line.split("\t")
        if len(fields) != 3 or not fields[0].isdigit() or not fields[2].isdigit():
            raise InputError("not a line of Dictionary.save_as_text: id, word, frequency", file=str(path), line=number)
        by_id[int(fields[0])] = (fields[1], int(fields[2]))
    if not lines or not lines[0].strip().isdigit() or sorted(by_id) != list(range(len(by_id))):
        raise InputError("not what Dictionary.save_as_text writes: a number of articles, then ids from 0", file=str(path))
    return [by_id[i][0] for i in range(len(by_id))], dict(by_id.values()), int(lines[0])


def _vocabulary(frequency: Mapping[str, int], n_documents: int, path: Path) -> tuple[Vocabulary, Analysis, int]:
    """Return the words that texts are read into, sorted, how they are read, and how many others there are."""
    cased = any(word != word.lower() for word in frequency)
    analysis = Analysis(ngrams=(1, 1), lowercase=not cased)
    analyze = analyzer(analysis)
    kept = sorted(word for word in frequency if list(analyze(word)) == [word])
    if not kept:
        raise InputError("holds no word that texts are read into", file=str(path))
    counts = np.array([min(frequency[word], n_documents) for word in kept], np.int64)
    vocabulary = Vocabulary(terms=tuple(kept), document_frequency=counts, n_documents=n_documents)
    return vocabulary, analysis, len(frequency) - len(kept)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=str(path)) from None


def _unpacked(raw: bytes) -> bytes:
    """Return what gzip packed. Raises OSError for more than MAX_BYTES: a small file can unpack into more than any memory."""
    with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
        found = packed.read(MAX_BYTES + 1)
    if len(found) > MAX_BYTES:
        raise OSError(f"unpacks into more than {MAX_BYTES >> 30} GB")
    return found


def _digest(read: list[bytes]) -> str:
    digest = hashlib.sha256()
    for raw in read:
        digest.update(hashlib.sha256(raw).digest())
    return digest.hexdigest()
