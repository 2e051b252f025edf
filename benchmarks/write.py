"""Put what was measured into benchmarks/results.md: `python -m benchmarks.write`."""

from benchmarks.measure import HERE, RESULTS, machine


def main() -> None:
    """Write the machine, then each benchmark's own table in the order of their file names."""
    rows = [f"| {name} | {value} |" for name, value in machine().items()]
    parts = [path.read_text(encoding="utf-8").strip() for path in sorted(RESULTS.glob("*.md"))]
    head = ["# Benchmarks: results", "", "Made by `make bench`; [README.md](README.md) says how to read them.", "",
            "## The machine", "", "| | |", "|---|---|", *rows]  # fmt: skip
    none = "Nothing has been measured yet."
    (HERE / "results.md").write_text("\n".join(head) + "\n\n" + ("\n\n".join(parts) or none) + "\n", encoding="utf-8")
    print(HERE / "results.md")


if __name__ == "__main__":
    main()
