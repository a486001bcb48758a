"""Cluster-robust variances CR0 to CR3, with Satterthwaite degrees of freedom for CR2.

Bell and McCaffrey (2002); Pustejovsky and Tipton (2018), whose theorem 2 allows unit effects nested in clusters to be
absorbed first. Effects that are not nested, those of time and of units that move between clusters, stay in the basis.
Nothing larger than r × r is ever built.
"""

from dataclasses import dataclass

import numpy as np

from panel.estimators.clustered import ClusteredFit, Floats

_FULLY_DETERMINED = 1e-10


@dataclass(frozen=True, slots=True)
class ClusterErrors:
    """Standard errors of each coefficient (k), and the degrees of freedom of CR2; None where they cannot be had."""

    cr0: Floats
    cr1: Floats
    cr2: Floats | None
    cr3: Floats | None
    cr2_df: Floats | None


def cluster_errors(fit: ClusteredFit) -> ClusterErrors:
    """Return the standard errors of every coefficient.

    CR1 is CR0 times the root of G/(G−1). CR3 takes each cluster's (I − H)⁻¹, without a further factor.
    CR2 and CR3 are None where too many units move between clusters.
    """
    cr0 = np.sqrt(((fit.scores @ fit.contrasts.T) ** 2).sum(axis=0))
    cr1 = cr0 * np.sqrt(fit.clusters / (fit.clusters - 1))
    if not fit.is_whole:
        return ClusterErrors(cr0, cr1, None, None, None)
    leverage, axes = np.linalg.eigh(fit.gram)
    leverage = np.clip(leverage, 0.0, 1.0)
    half = _power(1 - leverage, -0.5)
    return ClusterErrors(
        cr0=cr0,
        cr1=cr1,
        cr2=_adjusted_errors(fit, axes, half),
        cr3=_adjusted_errors(fit, axes, _power(1 - leverage, -1.0)),
        cr2_df=np.array([_satterthwaite_df(contrast, leverage, axes, half) for contrast in fit.contrasts]),
    )


def _power(values: Floats, exponent: float) -> Floats:
    """Raise to a negative power; what the cluster alone determines gets 0 (Moore–Penrose)."""
    free = values > _FULLY_DETERMINED
    return np.where(free, np.where(free, values, 1.0) ** exponent, 0.0)


def _adjusted_errors(fit: ClusteredFit, axes: Floats, factor: Floats) -> Floats:
    scores = np.einsum("gra,ga,gsa,gs->gr", axes, factor, axes, fit.scores, optimize=True)
    errors: Floats = np.sqrt(((scores @ fit.contrasts.T) ** 2).sum(axis=0))
    return errors


def _satterthwaite_df(contrast: Floats, leverage: Floats, axes: Floats, half: Floats) -> float:
    """Match the first two moments of the CR2 variance under independent errors of one variance.

    NaN where clusters alone determine the contrast, so that its CR2 variance is 0 whatever the errors are.
    """
    along = np.einsum("gra,r->ga", axes, contrast)
    lengths = (along**2 * half**2 * leverage).sum(axis=1)
    shadows = np.einsum("gra,ga->gr", axes, leverage * half * along)
    moments = np.diag(lengths) - shadows @ shadows.T
    spread = float((moments**2).sum())
    return float(np.trace(moments)) ** 2 / spread if spread > 0 else float("nan")
