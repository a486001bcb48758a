"""The script in R that runs a report's analysis again outside: CR2 by clubSandwich, the rest by base R."""

R = r"""# Run the planned analysis again: every effect, the weighted ones, bounds and families. CR2 and Satterthwaite's
# degrees of freedom are clubSandwich's; the wild cluster bootstrap (all draws, up to 16 stations), weights, bounds and
# families are base R. Bounds take the report's draws of stations (draws_*.csv). Exit status 1 where one differs.
#   Rscript rerun.R DATA.csv          needs jsonlite and clubSandwich
suppressPackageStartupMessages({library(jsonlite); library(clubSandwich)})
path <- commandArgs(trailingOnly = TRUE)[1]
results <- fromJSON("results.json", simplifyVector = FALSE)
plan <- results$plan; unit <- plan$columns$unit; time <- plan$columns$time; cluster <- plan$columns$cluster
texts <- setNames(rep("character", 2), c(cluster, time))
data <- read.csv(path, na.strings = c("", "NA", "NaN", "nan", "null", "None", "."), colClasses = texts)
arms <- read.csv("arms.csv", colClasses = texts)
given <- setdiff(names(arms), c(cluster, time))
data <- merge(data[, setdiff(names(data), given)], arms, by = c(cluster, time))
models <- setNames(plan$models, sapply(plan$models, `[[`, "code"))
traits <- setNames(lapply(plan$subgroups, `[[`, "column"), sapply(plan$subgroups, `[[`, "code"))
primary <- Filter(function(model) model$is_primary, plan$models)[[1]]
read_in <- function(outcome) {
  own <- Filter(function(one) one$code == outcome, plan$outcomes)[[1]]$model
  if (is.null(own)) primary else models[[own]]
}
everybody <- data[complete.cases(data[, unlist(primary$treatments), drop = FALSE]), ]
few_units <- 200  # of more, units' means are taken away (they lie within stations), where dummies would take minutes

waves_of <- function(rows) {
  found <- unique(rows[[time]]); numbers <- suppressWarnings(as.numeric(found))
  if (anyNA(numbers)) sort(found) else found[order(numbers)]
}
by_wave <- function(rows, columns, waves) {
  found <- list()
  for (name in names(columns)) for (wave in waves)
    found[[paste0(name, "@", wave)]] <- columns[[name]] * (rows[[time]] == wave)
  found
}
due <- function(rows, outcome) {
  # Who is not yet to be asked is not lost, where the file says why an outcome is not there.
  words <- strsplit(outcome, "_")[[1]]
  names <- sapply(rev(seq_along(words)), function(count) paste(c(words[seq_len(count)], "why"), collapse = "_"))
  said <- names[names %in% colnames(rows)]
  if (length(said) == 0) rep(TRUE, nrow(rows)) else !(rows[[said[1]]] %in% "not_due")
}
before <- function(rows, outcome) {
  base <- rows[rows[[time]] == plan$base, ]
  own <- base[[outcome]][match(rows[[unit]], base[[unit]])]
  filled <- ifelse(is.na(own), mean(base[[outcome]], na.rm = TRUE), own)
  list(baseline = filled, baseline_missing = as.numeric(is.na(own)))
}
parts <- function(rows, y, X, more, keep, by_unit) {
  X <- do.call(cbind, lapply(c(X, more), as.numeric))[keep, , drop = FALSE]
  if ("baseline_missing" %in% colnames(X) && !any(X[, "baseline_missing"] != 0))
    X <- X[, colnames(X) != "baseline_missing", drop = FALSE]
  list(rows = rows[keep, ], y = as.numeric(y[keep]), X = X, by_unit = by_unit, root = rep(1, sum(keep)))
}
design <- function(model, outcome, trait = NULL) {
  treatments <- unlist(model$treatments)
  asked <- c(treatments, unlist(model$covariates), unlist(model$by_time), trait, if (model$kind != "attrition") outcome)
  rows <- data[complete.cases(data[, asked, drop = FALSE]), ]
  if (model$kind == "attrition") rows <- rows[due(rows, outcome), ]
  y <- if (model$kind == "attrition") !is.na(rows[[outcome]]) else rows[[outcome]]
  waves <- setdiff(waves_of(rows), plan$base)
  X <- as.list(rows[treatments])
  more <- c(as.list(rows[unlist(model$covariates)]), by_wave(rows, as.list(rows[unlist(model$by_time)]), waves))
  if (!is.null(trait)) {
    centred <- rows[[trait]] - mean(rows[[trait]])
    products <- lapply(X, function(one) one * centred)
    X <- c(X, setNames(products, paste0(treatments, ":", trait)))
    more <- c(more, by_wave(rows, setNames(list(centred), trait), waves))
  }
  if (model$kind == "event") X <- by_wave(rows, lapply(X, function(one) ave(one, rows[[unit]], FUN = max)), waves)
  if (model$kind == "ancova") more <- c(more, before(rows, outcome))
  by_unit <- model$kind %in% c("two-way", "event")
  parts(rows, y, X, more, by_unit | rows[[time]] != plan$base, by_unit)
}
weighted <- function(outcome) {
  after <- everybody[[time]] != plan$base
  X <- as.list(everybody[unlist(primary$treatments)])
  d <- parts(everybody, everybody[[outcome]], X, before(everybody, outcome), after, FALSE)
  answered <- !is.na(d$y); weights <- rep(1, length(answered))
  for (wave in waves_of(d$rows)) {
    own <- d$rows[[time]] == wave
    if (!any(answered[own]) || all(answered[own])) next
    # Of those who answer for certain it warns that their chance is 1: so it is.
    chance <- suppressWarnings(glm.fit(cbind(1, d$X[own, ]), as.numeric(answered[own]), family = binomial(),
                                       control = list(epsilon = 1e-14, maxit = 100)))$fitted.values
    one <- 1 / chance[answered[own]]
    weights[own & answered] <- pmin(one / mean(one), 10)
  }
  list(rows = d$rows[answered, ], y = d$y[answered], X = d$X[answered, , drop = FALSE], by_unit = FALSE,
       root = sqrt(weights[answered]))
}
moves <- function(d) {
  place <- as.numeric(factor(d$rows[[cluster]]))
  ave(place, d$rows[[unit]], FUN = function(own) length(unique(own))) > 1
}
dummies <- function(values) outer(values, sort(unique(values)), "==") * 1
clear <- function(d, part) {
  part <- as.matrix(part)
  if (!d$by_unit) return(part * d$root)
  code <- match(d$rows[[unit]], unique(d$rows[[unit]]))
  part - (rowsum(part, code, reorder = FALSE) / as.vector(table(code)))[code, , drop = FALSE]
}
wave_columns <- function(d) {
  found <- outer(d$rows[[time]], waves_of(d$rows), "==") * 1
  if (d$by_unit) found[, -1, drop = FALSE] else found
}
club <- function(d) {
  k <- ncol(d$X); y <- d$y * d$root
  if (!d$by_unit) Z <- cbind(d$X, wave_columns(d)) * d$root
  else if (length(unique(d$rows[[unit]])) > few_units && !any(moves(d))) {
    y <- clear(d, d$y)[, 1]; Z <- clear(d, cbind(d$X, wave_columns(d)))
  } else Z <- cbind(d$X, dummies(d$rows[[unit]]), wave_columns(d))
  colnames(Z) <- paste0("c", seq_len(ncol(Z)))
  fitted <- lm(y ~ 0 + Z)
  tested <- coef_test(fitted, vcov = "CR2", cluster = d$rows[[cluster]], test = "Satterthwaite",
                      coefs = names(coef(fitted))[seq_len(k)])
  data.frame(estimate = tested$beta, cr2 = tested$SE, df = tested$df_Satt)
}
wild <- function(d) {
  stations <- sort(unique(d$rows[[cluster]]))
  if (length(stations) > 16) return(NULL)
  split_up <- qr(cbind(clear(d, wave_columns(d)), clear(d, d$X)))
  basis <- qr.Q(split_up); k <- ncol(d$X); y <- clear(d, d$y)[, 1]
  contrasts <- solve(qr.R(split_up))[ncol(basis) - k + seq_len(k), , drop = FALSE]
  estimates <- as.vector(contrasts %*% crossprod(basis, y)); left <- y - basis %*% crossprod(basis, y)
  moving <- d$by_unit & moves(d)
  if (any(moving)) {
    own <- outer(d$rows[[unit]], unique(d$rows[[unit]][moving]), "==") * 1
    basis <- cbind(basis, sweep(own, 2, sqrt(colSums(own)), "/"))
    contrasts <- cbind(contrasts, matrix(0, k, ncol(own)))
  }
  signs <- as.matrix(expand.grid(rep(list(c(1, -1)), length(stations))))
  found <- sapply(seq_len(k), function(j) {
    contrast <- contrasts[j, ]
    null <- left + basis %*% contrast * (estimates[j] / sum(contrast^2))
    scores <- t(sapply(stations, function(one) crossprod(basis[d$rows[[cluster]] == one, , drop = FALSE],
                                                         null[d$rows[[cluster]] == one])))
    mixed <- t(sapply(stations, function(one) {
      own <- basis[d$rows[[cluster]] == one, , drop = FALSE]; crossprod(own, own %*% contrast)
    }))
    along <- as.vector(scores %*% contrast)
    refitted <- sweep(signs, 2, along, "*") - signs %*% scores %*% t(mixed)
    t_ <- abs(signs %*% along) / sqrt(rowSums(refitted^2))
    ifelse(is.nan(t_), 0, t_)
  })
  list(t = matrix(found, ncol = k), estimates = estimates)
}
share <- function(t_) mean(t_ >= t_[1] * (1 - 1e-9))
kept_mean <- function(y, weights, cut) {
  total <- sum(weights) * (1 - cut)
  kept <- pmin(pmax(total - (cumsum(weights) - weights), 0), weights)
  sum(kept * y) / total
}
lee <- function(y, treated, times) {
  there <- !is.na(y); y <- ifelse(there, y, 0); up <- rev(seq_along(y))
  shares <- c(sum(times[there & treated]) / sum(times[treated]), sum(times[there & !treated]) / sum(times[!treated]))
  trimmed <- (shares[1] - shares[2]) / max(shares); cuts <- c(max(trimmed, 0), max(-trimmed, 0))
  on <- times * (there & treated); off <- times * (there & !treated)
  c(kept_mean(y, on, cuts[1]) - kept_mean(y[up], off[up], cuts[2]),
    kept_mean(y[up], on[up], cuts[1]) - kept_mean(y, off, cuts[2]), trimmed)
}
bounds <- function(outcome, treatment) {
  ever <- ave(everybody[[treatment]], everybody[[unit]], FUN = max) > 0
  waves <- waves_of(everybody); last <- everybody[[time]] == waves[length(waves)]
  in_order <- order(everybody[[outcome]][last], na.last = TRUE)
  y <- as.numeric(everybody[[outcome]][last][in_order]); treated <- ever[last][in_order]
  draws <- as.matrix(read.csv(paste0("draws_", treatment, ".csv"), check.names = FALSE))
  times <- draws[, everybody[[cluster]][last][in_order]]
  point <- lee(y, treated, rep(1, length(y)))
  drawn <- apply(times, 1, function(own) lee(y, treated, own)[1:2])
  errors <- apply(drawn, 1, function(own) sd(own[is.finite(own)]))
  ends <- point[1:2]
  if (max(errors) > 0) {
    held <- function(width) pnorm(width + (point[2] - point[1]) / max(errors)) - pnorm(-width) - 0.95
    width <- uniroot(held, c(0, qnorm(0.975) + 1e-9), tol = 1e-12)$root
    ends <- c(point[1] - width * errors[1], point[2] + width * errors[2])
  }
  c(lower = point[1], upper = point[2], lower_se = errors[1], upper_se = errors[2], low = ends[1], high = ends[2],
    trimmed = abs(point[3]))
}
romano_wolf <- function(t_) {
  in_order <- order(-t_[1, ]); m <- ncol(t_)
  steps <- sapply(seq_len(m), function(place) {
    left <- t_[, in_order[place:m], drop = FALSE]
    mean(do.call(pmax, as.data.frame(left)) >= t_[1, in_order[place]] * (1 - 1e-9))
  })
  found <- numeric(m); found[in_order] <- cummax(steps); found
}
differs <- FALSE
say <- function(label, ours, theirs) {
  # What the report could not have is null there, and not a number here.
  theirs <- sapply(theirs, function(one) if (is.null(one)) NA else as.numeric(one))
  ours <- ifelse(is.finite(ours), ours, NA)
  close <- abs(ours - theirs) <= 1e-6 * abs(theirs) + 1e-9
  same <- ifelse(is.na(close), is.na(ours) & is.na(theirs), close)
  cat(label, paste(names(theirs), collapse = ", "), if (all(same)) "same" else "DIFFERS:",
      if (!all(same)) paste(names(theirs)[!same], ours[!same], theirs[!same]), "\n")
  differs <<- differs || !all(same)
}
compare <- function(effect, d) {
  tested <- club(d); drawn <- wild(d)
  for (place in seq_along(effect$estimate$coefficients)) {
    theirs <- effect$estimate$coefficients[[place]]
    if (identical(as.numeric(theirs$se$cr2), 0)) next  # nothing varies but by rounding
    ours <- c(tested$estimate[place], tested$cr2[place], tested$df[place])
    given <- list(estimate = theirs$estimate, cr2 = theirs$se$cr2, df = theirs$df$cr2)
    if (!is.null(drawn)) { ours <- c(ours, share(drawn$t[, place])); given["p wild"] <- list(theirs$p$wild) }
    say(paste(c(effect$outcome, effect$model, effect$subgroup, theirs$name), collapse = " "), ours, given)
  }
}
for (effect in results$effects) if (!is.null(effect$estimate)) {
  trait <- if (is.null(effect$subgroup)) NULL else traits[[effect$subgroup]]
  compare(effect, design(models[[effect$model]], effect$outcome, trait))
}
for (effect in results$weighted) if (!is.null(effect$estimate)) compare(effect, weighted(effect$outcome))
for (one in results$bounds) if (!is.null(one$bounds)) {
  theirs <- with(one$bounds, list(lower = lower, upper = upper, lower_se = lower_se, upper_se = upper_se,
                                  low = interval[[1]], high = interval[[2]], trimmed = trimmed))
  say(paste(one$outcome, "bounds", one$treatment), bounds(one$outcome, one$treatment), theirs)
}
for (test in results$families) if (length(test$members) > 0) {
  drawn <- lapply(test$members, function(member) {
    d <- design(read_in(member$outcome), member$outcome); found <- wild(d)
    place <- match(test$treatment, colnames(d$X))
    if (is.null(found)) NULL else list(t = found$t[, place], estimate = found$estimates[place])
  })
  if (any(sapply(drawn, is.null))) next
  t_ <- sapply(drawn, `[[`, "t"); p <- apply(t_, 2, share)
  adjusted <- cbind(sapply(drawn, `[[`, "estimate"), p, p.adjust(p, "holm"), p.adjust(p, "BH"), romano_wolf(t_))
  for (place in seq_along(test$members)) {
    theirs <- test$members[[place]][c("estimate", "p", "holm", "benjamini_hochberg", "romano_wolf")]
    say(paste(test$members[[place]]$outcome, "in", test$family, test$treatment), adjusted[place, ], theirs)
  }
}
quit(status = as.integer(differs))
"""
