"""Print the demo logins of this install."""

from setup import install


def main() -> int:
    """Print user names and passwords; exit 1 with a sentence where there are none yet."""
    logins = install.load()["logins"]
    if not logins:
        print("Belum ada akun contoh: jalankan `make run` dahulu.")
        return 1
    for name, login in logins.items():
        print(f"  {name:<12} {login['password']:<16} {login['note']}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
