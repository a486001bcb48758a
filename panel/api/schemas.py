"""What the data's API says, declared for its description."""

from typing import Any

from rest_framework import serializers

from panel.columns import Column, DataSet, Kind, Label


class LabelSerializer(serializers.Serializer[Any]):
    """A text in both languages."""

    es = serializers.CharField()
    en = serializers.CharField()


class ValueSerializer(serializers.Serializer[Any]):
    """A code that a column holds, and what it means."""

    code = serializers.CharField()
    meaning = LabelSerializer()


class ColumnSerializer(serializers.Serializer[Any]):
    """A column, as the codebook declares it."""

    name = serializers.CharField()
    type = serializers.ChoiceField(choices=[(kind.value, kind.value) for kind in Kind])
    about = LabelSerializer()
    values = ValueSerializer(many=True)
    unit = serializers.CharField(allow_blank=True)
    why = serializers.CharField(allow_blank=True, help_text="The column that says why a value is empty, if any may be")
    source = serializers.CharField()  # type: ignore[assignment]
    disclosure = serializers.CharField()


class ListedDatasetSerializer(serializers.Serializer[Any]):
    """A data set of the list."""

    name = serializers.CharField()
    row = LabelSerializer(help_text="What one row is")
    columns = serializers.IntegerField(help_text="How many columns the caller gets")
    url = serializers.URLField(help_text="Its description")
    rows_url = serializers.URLField(help_text="Its rows")


class DatasetSerializer(serializers.Serializer[Any]):
    """A data set with its codebook."""

    name = serializers.CharField()
    row = LabelSerializer(help_text="What one row is")
    notes = LabelSerializer(many=True)
    key = serializers.ListField(child=serializers.CharField(), help_text="What no two rows share")
    columns = ColumnSerializer(many=True)
    rows_url = serializers.URLField()


class RowsSerializer(serializers.Serializer[Any]):
    """A page of rows, and where the next one is; null after the last."""

    next = serializers.URLField(allow_null=True)
    rows = serializers.ListField(child=serializers.DictField(child=serializers.JSONField(allow_null=True)))


def listed(dataset: DataSet, columns: int, url: str) -> dict[str, Any]:
    """Return what the list says of a data set."""
    row = _both(dataset.row)
    return {"name": dataset.name, "row": row, "columns": columns, "url": url, "rows_url": f"{url}rows/"}


def described(dataset: DataSet, columns: tuple[Column, ...], key: tuple[str, ...], url: str) -> dict[str, Any]:
    """Return a data set's description."""
    return {
        "name": dataset.name,
        "row": _both(dataset.row),
        "notes": [_both(note) for note in dataset.notes],
        "key": list(key),
        "columns": [_column(column) for column in columns],
        "rows_url": f"{url}rows/",
    }


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "type": column.kind.value,
        "about": _both(column.label),
        "values": [{"code": code, "meaning": _both(label)} for code, label in column.values],
        "unit": column.unit,
        "why": column.why,
        "source": column.source,
        "disclosure": column.disclosure.value,
    }


def _both(label: Label) -> dict[str, str]:
    return {"es": label.es, "en": label.en}
