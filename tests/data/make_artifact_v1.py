"""Make tests/data/artifact-v1: a small artifact of format 1, articles, and what it says of them.

    python tests/data/make_artifact_v1.py               all of it anew: only until a version with format 1 is released
    python tests/data/make_artifact_v1.py --expected    the answers alone, of the artifact that is there

The second is for the case that the same model is to answer otherwise, such as after a mended fault; never to quiet a test.
A later format gets a folder of its own beside this one, which stays.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
FOLDER = HERE / "artifact-v1"
CONFIG = f"""
name = "released"
seed = 13
[corpus]
train = "{ROOT}/training/starter/pages/train"
labels = "{ROOT}/training/starter/gold.jsonl"
[split]
test = 0.0
[terms]
ngrams = [1, 2]
min_df = 24
[classify]
[lda]
n_topics = 4
[stance]
min_df = 12
[stance.targets."ceasefire in Gaza"]
patterns = ["ceasefire & Gaza", "truce & Gaza", "ceasefire & Hamas"]
[stance.targets."net-zero climate policy"]
patterns = ["net zero", "climate target*", "climate polic*"]
"""


def make() -> None:
    """Train the artifact and choose the articles."""
    from training import train

    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "c.toml"
        path.write_text(CONFIG)
        made = train(path, out=FOLDER / "artifact")
        # Where the corpus lay on the machine that made it is nobody's business.
        text = (FOLDER / "artifact" / "config.toml").read_text("utf-8").replace(f"{ROOT}/", "")
    from topics.artifact import CONFIG as NAME
    from topics.artifact import read_artifact, write_artifact

    read = read_artifact(made.path)
    own = ("format", "parts", "files", "digest")
    about = {key: value for key, value in read.manifest.items() if key not in own}
    shutil.rmtree(made.path)
    write_artifact(made.path, read.parts, {**read.texts, NAME: text}, about)
    model, rows = made.model, []
    for page in sorted((ROOT / "training/starter/pages/test").glob("*.txt")):
        said = model.predict(page.read_text("utf-8"))
        best = max(said, key=lambda article: (len(article.stances), -len(article.document.text)), default=None)
        if best is not None and best.stances and len(best.document.text) < 2500:
            rows.append({"id": f"a{len(rows)}", "text": best.document.text})
    rows = [*rows[:10], {"id": "nothing", "text": "Qzx vbnq."}, {"id": "empty", "text": ""}]
    (FOLDER / "articles.jsonl").write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def answers() -> list[dict]:
    """Return what the artifact says of the articles now."""
    from topics.documents import documents_of
    from topics.loading import load
    from topics.sources import read

    problems: list = []
    records = list(read([FOLDER / "articles.jsonl"], on_error=problems.append, warn=problems.append))
    documents = [document for record in records for document in documents_of(record)]
    labeled = load(FOLDER / "artifact").label(documents)
    return [json.loads(json.dumps(article.to_dict())) for article in labeled]


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    if sys.argv[1:] != ["--expected"]:
        make()
    lines = [json.dumps(answer, ensure_ascii=False) + "\n" for answer in answers()]
    (FOLDER / "expected.jsonl").write_text("".join(lines), "utf-8")
    print(f"{len(lines)} answers, {sum(p.stat().st_size for p in FOLDER.rglob('*') if p.is_file()) / 1000:.0f} kB")
