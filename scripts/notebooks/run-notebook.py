"""Executes one notebook, reports progress as JSON lines on standard output, and writes the notebook with its outputs,
also as a page that needs no network.

    run-notebook.py SOURCE EXECUTED PAGE

Events: {"event": "start", "cells"}, {"event": "cell", "number", "title"}, {"event": "progress", "text"},
{"event": "end", "seconds", "peakBytes", "failure": null | {"cell", "title", "text"}}.
The exit status is 0 when all cells ran, 1 when one failed.
"""

import html
import json
import os
import re
import signal
import sys
import time
from contextlib import ExitStack
from pathlib import Path

# As if it were not installed: jsonschema would compile a grammar for a second, of names that no notebook has.
sys.modules["rfc3987_syntax"] = None

import nbformat
import zmq
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbconvert import HTMLExporter

# JupyterLab's page without the scripts for formulas, diagrams and widgets, which a browser would download.
TEMPLATE = "{% extends 'lab/index.html.j2' %}" + "".join(
    f"{{% block {name} %}}{{% endblock %}}" for name in ("html_head_js", "html_head_js_mathjax", "html_head_js_mermaidjs")
)
# The page runs no script and loads nothing from elsewhere, whatever texts of data sets and models are in it.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src 'self' file: data:; base-uri 'none'"
PROGRESS_INTERVAL = 0.25  # seconds between two progress events
START_TIMEOUT = 40  # seconds for the kernel to answer; it needs about four
STARTS = 3  # attempts: between the choice of a port and the kernel's start, another program may open the port


def report(event, **details):
    print(json.dumps({"event": event, **details}), flush=True)


def last_line(content):
    """The last line of printed text in a message, or of the words in a progress display."""
    data = content.get("data", {})
    text = content.get("text", "")
    if "data-progress" in data.get("text/html", ""):
        without_pictures = re.sub(r"(?s)<(svg|style|script)\b.*?</\1>", " ", data["text/html"])
        text = html.unescape(re.sub(r"<[^>]*>", " ", without_pictures))
    lines = [" ".join(line.split()) for line in text.splitlines()]
    return next((line for line in reversed(lines) if line), "")


class ReportingClient(NotebookClient):
    """A notebook client that reports what cells show while they run."""

    reported_at = 0.0

    def create_kernel_manager(self):
        manager = super().create_kernel_manager()
        # No limit to the messages that wait. By default, messages beyond a thousand are dropped.
        manager.context.setsockopt(zmq.RCVHWM, 0)
        return manager

    def process_message(self, msg, cell, cell_index):
        shows = msg["msg_type"] in ("stream", "display_data", "update_display_data")
        line = last_line(msg["content"]) if shows else ""
        if line and time.monotonic() - self.reported_at >= PROGRESS_INTERVAL:
            self.reported_at = time.monotonic()
            report("progress", text=line[:160])
        return super().process_message(msg, cell, cell_index)


def title_of(cell):
    """A cell's first line of code, not counting imports and comments."""
    lines = [line.strip() for line in cell.source.splitlines()]
    return next((line for line in lines if line and not line.startswith(("import ", "//", "}"))), "")[:80]


def peak_bytes(pid):
    """The largest resident memory of a process so far; None if the system does not report it."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return None
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found.group(1)) * 1024 if found else None


def failure_text(cell, error):
    """What the kernel wrote about a failed cell, without terminal colors and without the stack trace."""
    written = "".join(o.text for o in cell.outputs if o.output_type == "stream" and o.name == "stderr")
    raised = "".join(f"{o.ename}: {o.evalue}" for o in cell.outputs if o.output_type == "error")
    text = re.sub(r"\x1b\[[0-9;]*m", "", written or raised or str(error))
    return re.split(r"\n\s+at ", text)[0].strip()


def start_kernel(client, running):
    """Starts the kernel; leaving `running` stops it."""
    for remaining in reversed(range(STARTS)):
        try:
            return running.enter_context(client.setup_kernel())
        except RuntimeError:
            if remaining == 0:
                raise


def execute(notebook, folder):
    """Runs the code cells in order until one fails. Returns the failure, or None, and the peak memory."""
    client = ReportingClient(
        notebook, timeout=None, startup_timeout=START_TIMEOUT, kernel_name="tslab",
        resources={"metadata": {"path": str(folder)}},
    )
    code = [(index, cell) for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    report("start", cells=len(code))
    failure = None
    with ExitStack() as running:
        start_kernel(client, running)
        pid = client.km.provisioner.pid
        for number, (index, cell) in enumerate(code, 1):
            report("cell", number=number, title=title_of(cell))
            try:
                client.execute_cell(cell, index, execution_count=number)
            except (CellExecutionError, DeadKernelError) as error:
                failure = {"cell": number, "title": title_of(cell), "text": failure_text(cell, error)}
                break
        peak = peak_bytes(pid)
    return failure, peak


def write(path, text):
    """Writes a text file. If writing fails, the old file is kept."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def page_of(notebook, name):
    """The notebook as an HTML page that needs no network."""
    exporter = HTMLExporter(raw_template=TEMPLATE)
    body, _ = exporter.from_notebook_node(notebook, resources={"metadata": {"name": name}})
    policy = f'<meta charset="utf-8"/><meta http-equiv="Content-Security-Policy" content="{POLICY}"/>'
    return body.replace('<meta charset="utf-8"/>', policy, 1).replace('href="glossary.md', 'href="glossary.html')


def glossary_page(text):
    """The glossary as a page. Headings get lower-case names, which links in notebooks use."""
    page = page_of(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)]), "glossary")
    return re.sub(r'(<h\d[^>]* id=")([^"]+)"', lambda found: f'{found[1]}{found[2].lower()}"', page)


def main(source, executed, page):
    started = time.monotonic()
    notebook = nbformat.read(source, as_version=4)
    failure, peak = execute(notebook, Path(source).resolve().parent)
    write(Path(executed), nbformat.writes(notebook) + "\n")
    write(Path(page), page_of(notebook, Path(source).stem))
    glossary = Path(source).with_name("glossary.md")
    if glossary.exists():
        write(Path(page).with_name("glossary.html"), glossary_page(glossary.read_text(encoding="utf-8")))
    report("end", seconds=round(time.monotonic() - started, 2), peakBytes=peak, failure=failure)
    return 1 if failure else 0


if __name__ == "__main__":
    # The kernel ends with this program, also where only this program is told to end.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: sys.exit(128 + received))
    try:
        sys.exit(main(*sys.argv[1:]))
    except OSError as error:  # no right to write, a full disk: one sentence, no trace
        sys.exit(f"{error.strerror or error}: {error.filename or 'a file'}.")
