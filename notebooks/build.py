"""Run the notebooks again and keep what they show: ``python notebooks/build.py``.

The notebooks are edited in Jupyter or as text; this leaves in them only what is the same on every
run, so that a change of a number is a change of a line.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent
NOTEBOOKS = sorted(HERE.glob("*.ipynb"))
WIDGET = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def executed(path: Path) -> Any:
    """A notebook with what its cells show now; a cell that fails raises."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute(cwd=str(path.parent))
    return cleaned(notebook)


def cleaned(notebook: Any) -> Any:
    """The notebook without what differs from run to run: times, identifiers, live sliders."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for index, cell in enumerate(notebook.cells):
        cell.id = f"cell-{index}"
        cell.metadata = nbformat.from_dict({})
        if cell.cell_type == "code":
            cell.outputs = [each for each in cell.outputs if WIDGET not in each.get("data", {})]
            for output in cell.outputs:
                if "metadata" in output:
                    output.metadata = nbformat.from_dict({})
    return notebook


def told(notebook: Any) -> list[list[str]]:
    """What each cell says: its text and tables, without pictures."""
    return [
        [text for output in cell.outputs for text in _texts(output)]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def _texts(output: Any) -> list[str]:
    if output.output_type == "stream":
        return [output.text]
    data = output.get("data", {})
    return [data[kind] for kind in ("text/markdown", "text/html") if kind in data] or (
        [] if "image/png" in data else [str(data.get("text/plain", output))]
    )


def main() -> None:
    """Run and write each of the notebooks that are named, or all."""
    for path in map(Path, sys.argv[1:]) if sys.argv[1:] else NOTEBOOKS:
        nbformat.write(executed(path), path)
        print(path.name)


if __name__ == "__main__":
    main()
