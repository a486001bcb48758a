"""Transfers in words: which station to which, by study code; arms only for who may read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from participants.models import Transfer

KINDS = {
    Transfer.State.PROPOSED: "warn",
    Transfer.State.ACCEPTED: "good",
    Transfer.State.DECLINED: "bad",
    Transfer.State.CALLED_OFF: "neutral",
}


@dataclass(frozen=True, slots=True)
class TransferRow:
    """A transfer as a list shows it; `is_ours` says that the reader's own station is to decide.

    `to_station` is "" once she has gone over, to whom she left: where she is now is not theirs to know.
    """

    transfer: Transfer
    kind: str
    from_station: str
    to_station: str
    is_ours: bool

    @property
    def is_open(self) -> bool:
        return self.transfer.state == Transfer.State.PROPOSED


@dataclass(frozen=True, slots=True)
class CrossingRow:
    """A transfer in the ledger of contamination, with the arms of both stations by their labels."""

    transfer: Transfer
    from_station: str
    from_arm: str
    to_station: str
    to_arm: str

    @property
    def crosses_arms(self) -> bool:
        return self.from_arm != self.to_arm


def transfer_rows(
    transfers: Iterable[Transfer], codes: Mapping[int, str], own_station: int | None
) -> list[TransferRow]:
    """Return the rows of a supervisor's list."""
    return [
        TransferRow(
            transfer,
            KINDS[Transfer.State(transfer.state)],
            codes.get(transfer.from_station_id, ""),
            "" if _is_gone(transfer, own_station) else codes.get(transfer.to_station_id, ""),
            is_ours=transfer.to_station_id == own_station,
        )
        for transfer in transfers
    ]


def _is_gone(transfer: Transfer, own_station: int | None) -> bool:
    return transfer.state == Transfer.State.ACCEPTED and transfer.to_station_id != own_station


def crossing_rows(
    transfers: Iterable[Transfer], codes: Mapping[int, str], arms: Mapping[int, str]
) -> list[CrossingRow]:
    """Return the rows of the ledger; `arms` has the label of each station's arm."""
    return [
        CrossingRow(
            transfer,
            codes.get(transfer.from_station_id, ""),
            arms.get(transfer.from_station_id, ""),
            codes.get(transfer.to_station_id, ""),
            arms.get(transfer.to_station_id, ""),
        )
        for transfer in transfers
    ]
