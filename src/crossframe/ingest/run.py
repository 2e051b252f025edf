"""Ingest: tables, pages and addresses in, one document a line out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from crossframe.errors import InputError
from crossframe.ingest import clean, inputs, presets, tables
from crossframe.ingest.attribution import attribute, name_of
from crossframe.ingest.boilerplate import Line, classify_lines
from crossframe.ingest.decode import MAX_LINE, MAX_PAGE_BYTES, check_lines, decode, read_bytes
from crossframe.ingest.duplicates import duplicate_groups
from crossframe.ingest.gazetteer import Gazetteer, load_gazetteer
from crossframe.ingest.html import PageFacts, decode_html, read_html
from crossframe.ingest.office import read_docx, read_pdf
from crossframe.ingest.pages import Article, check_length, split_page
from crossframe.ingest.records import TELL, Draft, Record, made_id
from crossframe.ingest.web import Fetched, Fetcher, fetch_all, read_url_list
from crossframe.ingest.written import suggest, write
from crossframe.progress import track
from crossframe.rawtable import ENDINGS, read_raw
from crossframe.text import UNCERTAIN, identify

LEAD_TITLE = 160  # characters of a title that is made from the lead
_LEAD, _SAMPLE = 1000, 5000  # characters in which the first sentence is sought, by which the language is identified


@dataclass(frozen=True)
class Options:
    """How to read; every field has the default of the command line."""

    columns: Mapping[str, str] = field(default_factory=dict)
    preset: str = ""
    urls: Sequence[Path] = ()
    fetch: bool = False
    skip_failed: bool = False
    encoding: str = ""
    sheet: str = ""
    outlets: Sequence[Path] = ()
    source: str = ""  # of documents that name no publisher
    event: str = ""  # of documents that name none
    event_from_folder: bool = False
    suggest_events: bool = False


@dataclass(frozen=True)
class Report:
    """What was done: counts for the message on standard error, and notes, a line each."""

    documents: int
    told: int
    groups: int
    no_event: int
    no_source: int
    notes: tuple[str, ...]


def ingest(paths: Sequence[Path], out: Path, options: Options, fetcher: Fetcher | None = None) -> Report:
    """Write what `paths` and the lists of addresses hold as documents, one JSON object or row each.

    Parameters
    ----------
    paths
        Files and folders.
    out
        The file, .csv, .xlsx or anything else for JSONL; it appears whole or not at all.
    options
        How to read.
    fetcher
        Fetches pages; the default keeps a second between two requests to one host.

    Raises
    ------
    InputError
        On anything that cannot be read; nothing is written then.
    """
    if unknown := sorted(set(options.columns) - set(tables.FIELDS)):
        raise InputError(f"unknown field(s) {', '.join(unknown)}", "--columns", f"Known: {', '.join(tables.FIELDS)}.")
    if not paths and not options.urls:
        raise InputError("nothing to read", "ingest", "Give files or folders, or --urls FILE.")
    files, passed = inputs.expand(paths, out)
    for path in (*options.urls, *options.outlets):
        inputs.check_not_input(path, out)
    gazetteer = load_gazetteer(options.outlets)
    reader = _Reader(options, gazetteer, fetcher or Fetcher())
    drafts = [
        _placed(draft, options, _folder(path, paths) if options.event_from_folder else "")
        for path in track(files, "reading")
        for draft in reader.read(path)
    ]
    for path in options.urls:
        drafts += [_placed(draft, options, "") for draft in reader.addresses(read_url_list(path))]
    if options.fetch:
        drafts = reader.fill(drafts)
    records = _records(drafts, gazetteer)
    if options.suggest_events:
        suggest(records)
    write(records, out)
    notes = list(reader.notes) + [f"{n} {what}" for what, n in sorted(reader.seen.items())]
    if passed:
        shown = ", ".join(p.name for p in passed[:5]) + (" …" if len(passed) > 5 else "")
        notes.append(f"{len(passed)} file(s) of other kinds passed over: {shown}")
    if bare := sum(not r.draft.text for r in records):
        notes.append(f"{bare} document(s) have a title and no text; --fetch gets the pages")
    return Report(
        documents=len(records),
        told=sum(r.told is not None for r in records),
        groups=len({r.duplicate_group for r in records} - {""}),
        no_event=sum(not r.draft.event for r in records),
        no_source=sum(not r.source for r in records),
        notes=tuple(notes),
    )


def _placed(draft: Draft, options: Options, folder: str) -> Draft:
    """Give a document the event and the source that the call names, where it has none of its own."""
    return replace(draft, event=draft.event or options.event or folder, source=draft.source or options.source)


def _folder(path: Path, paths: Sequence[Path]) -> str:
    """Return the folder below one that was given, or the one a given file lies in: it names the event."""
    for given in paths:
        if given.is_dir() and path.is_relative_to(given):
            inner = path.relative_to(given).parts
            return clean.one_line(inner[0], str(path)) if inner[1:] else ""
    return clean.one_line(path.resolve().parent.name, str(path))


class _Reader:
    """Reads files and pages to drafts and keeps what is to be reported."""

    def __init__(self, options: Options, gazetteer: Gazetteer, fetcher: Fetcher) -> None:
        self.options, self.gazetteer, self.fetcher = options, gazetteer, fetcher
        self.preset = presets.preset(options.preset) if options.preset else None
        self.seen: Counter[str] = Counter()
        self.notes: list[str] = []

    def read(self, path: Path) -> list[Draft]:
        """Return the documents of a file."""
        suffix, where = path.suffix.lower(), str(path)
        if suffix in ENDINGS:
            wanted = (*self.options.columns.values(), *tables.FIELDS)
            table = read_raw(path, wanted, self.options.encoding, self.options.sheet)
            self.notes += table.notes
            required = [name for name in tables.REQUIRED if name != "source" or not self.options.source]
            return tables.drafts(table, self.options.columns, self.preset, self.seen, required)
        if suffix == inputs.URL_LIST:
            return self.addresses(read_url_list(path))
        if suffix == ".docx":
            return self._page(read_docx(path), where, PageFacts())
        if suffix == ".pdf":
            return self._page(read_pdf(path), where, PageFacts())
        data = read_bytes(path, MAX_PAGE_BYTES)
        if suffix in {".html", ".htm", ".xhtml"}:
            return self._html(decode_html(data, where, self.options.encoding), where, "")
        return self._plain(decode(data, where, self.options.encoding), where)

    def addresses(self, urls: list[str]) -> list[Draft]:
        """Return the documents of pages on the web."""
        pages, failed = fetch_all(urls, self.fetcher)
        self._failed(failed)
        return [draft for url, page in pages.items() for draft in self._fetched(url, page)]

    def fill(self, drafts: list[Draft]) -> list[Draft]:
        """Fetch the text of the documents that have an address and no text."""
        wanted = list(dict.fromkeys(d.url for d in drafts if d.url and not d.text))
        if not wanted:
            return drafts
        pages, failed = fetch_all(wanted, self.fetcher)
        self._failed(failed)
        return [self._filled(d, pages[d.url]) if not d.text and d.url in pages else d for d in drafts]

    def _filled(self, draft: Draft, page: Fetched) -> Draft:
        """Return a document of a table with the text of its page; what the table says of it stays."""
        found = self._fetched(draft.url, page)[0]
        return replace(
            draft, text=found.text, related=found.related, source_line=found.source_line, via_line=found.via_line
        )

    def _failed(self, failed: Mapping[str, str]) -> None:
        if failed and not self.options.skip_failed:
            lines = "\n".join(f"  {url}: {why}" for url, why in list(failed.items())[:20])
            raise InputError(
                f"{len(failed)} page(s) were not had:\n{lines}\n", "fetching pages",
                "Take them from the list, or go on without them: --skip-failed.",
            )  # fmt: skip
        self.notes += [f"not had: {url}: {why}" for url, why in failed.items()]

    def _fetched(self, url: str, page: Fetched) -> list[Draft]:
        if page.media_type == "application/pdf":
            import tempfile

            with tempfile.TemporaryDirectory() as folder:
                copy = Path(folder) / "page.pdf"
                copy.write_bytes(page.data)
                return [replace(d, url=url) for d in self._page(read_pdf(copy), url, PageFacts())]
        if page.media_type == "text/plain":
            return [replace(d, url=url) for d in self._plain(decode(page.data, url, page.charset), url)]
        return self._html(decode_html(page.data, url, page.charset), url, url)

    def _html(self, text: str, where: str, url: str) -> list[Draft]:
        mended = clean.mended(text, where, self.seen)
        lines, facts = read_html(mended, where)
        return self._page(lines, where, replace(facts, url=url or facts.url))

    def _plain(self, text: str, where: str) -> list[Draft]:
        if len(text) > MAX_LINE:
            check_lines(text, where)
        lines = clean.body(text, where, self.seen).split("\n")
        check_length(len(lines), where)
        return self._page(classify_lines(lines), where, PageFacts())

    def _page(self, lines: Sequence[Line], where: str, facts: PageFacts) -> list[Draft]:
        articles = split_page(lines, self.gazetteer.exact)
        if not articles:
            raise InputError("no article was found in it", where, "Save the page's text, or give it as a table.")
        alone = len(articles) == 1
        return [self._draft(a, facts if alone else replace(facts, title="", site="", date=""), where) for a in articles]

    def _draft(self, article: Article, facts: PageFacts, where: str) -> Draft:
        text = clean.body("\n\n".join(article.paragraphs), where, self.seen)
        title = clean.one_line(article.title or facts.title, where, self.seen)
        own = article.outlet or name_of(article.source_line, self.gazetteer)
        site = name_of(facts.site, self.gazetteer)
        via = article.via_line or (article.outlet if site and article.outlet != site else "")
        return Draft(
            where=where,
            text=text,
            title=title or lead_title(text),
            title_basis="headline" if title else "lead",
            source=clean.one_line(site or own, where, self.seen),
            date=article.date or facts.date,
            url=facts.url,
            related=tuple((clean.one_line(t, where, self.seen), u) for t, u in article.related),
            source_line=clean.one_line(article.source_line, where, self.seen),
            via_line=clean.one_line(via, where, self.seen),
        )


def lead_title(text: str) -> str:
    """Return the first sentence of a text, cut at a word, as a title where a page has none."""
    from crossframe.text import sentences

    lead = text[:_LEAD].split("\n", 1)[0]
    found = sentences(lead, identify(lead).replace(UNCERTAIN, "en"))
    first = " ".join((found[0] if found else lead).split())
    if len(first) <= LEAD_TITLE:
        return first
    return first[:LEAD_TITLE].rsplit(" ", 1)[0].rstrip("،,;؛:") + " …"


def _records(drafts: Sequence[Draft], gazetteer: Gazetteer) -> list[Record]:
    """Give ids, languages, attributions and groups of copies."""
    given: dict[str, str] = {}
    for draft in drafts:
        if draft.doc_id in given:
            raise InputError(
                f"doc_id {draft.doc_id!r} stands in {given[draft.doc_id]} already", draft.where, "Ids are unique."
            )
        if draft.doc_id:
            given[draft.doc_id] = draft.where
    taken = set(given)
    records = []
    for draft in track(drafts, "attributing"):
        doc_id = draft.doc_id or made_id(draft.source, draft.text or draft.title + draft.url, taken)
        taken.add(doc_id)
        claims = attribute(
            draft.title if draft.title_basis == "headline" else "", draft.text, gazetteer, source=draft.source,
            source_line=draft.source_line, via_line=draft.via_line,
        )  # fmt: skip
        relayed = [c.source for c in claims if c.confidence >= TELL and c.source != draft.source]
        records.append(
            Record(
                draft,
                doc_id,
                draft.source,
                list(dict.fromkeys([*draft.relay_of, *relayed])),
                claims,
                draft.language or identify((draft.text or draft.title)[:_SAMPLE]),
            )
        )
    groups = duplicate_groups({r.doc_id: r.draft.text for r in records})
    for record in records:
        record.duplicate_group = groups.get(record.doc_id, "")
    return records
