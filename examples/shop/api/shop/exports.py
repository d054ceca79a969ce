"""Reports as files."""

import csv
import subprocess
from datetime import date
from pathlib import Path

from shop.reporting import sales_of_month
from shop.settings import get_settings


def write_sales(month: date) -> Path:
    """Write a month's sales as CSV and return where they are."""
    target = get_settings().export_dir / f"sales-{month:%Y-%m}.csv"
    handle = open(target, "w", newline="")
    writer = csv.DictWriter(handle, ["day", "orders", "revenue"])
    writer.writeheader()
    writer.writerows(sales_of_month(month))
    return target


def compress(path: Path, compression: str) -> Path:
    """Pack a file and return the name it has then."""
    subprocess.run(f"gzip --{compression} --force {path}", shell=True, check=True, timeout=60)
    return path.with_name(f"{path.name}.gz")
