"""List the benchmarks with their targets: `python -m benchmarks`."""

from benchmarks.targets import ALL


def main() -> None:
    """Print a line for each."""
    for each in ALL:
        print(f"python -m benchmarks.{each.name:15} about {each.minutes:2} min   {each.target}")
    print("\nEach takes --help. Only a machine that does nothing else gives true seconds.")


if __name__ == "__main__":
    main()
