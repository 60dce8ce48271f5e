#!/usr/bin/env bash
# Checks a methodology and a dataset, and writes the pages of the results only if nothing is wrong.
#
#     check-and-publish.sh METHODOLOGY DATASET PAGES
#
# Everything is checked before it ends, so that one run shows all mistakes. DOCUMENTATION may hold the address at which
# the documentation is published: diagnostics are then linked to it.
set -eu
methodology=$1
dataset=$2
pages=$3
log=check.sarif # what code scanning shows beside the lines
wrong=0

cleancloud-rules fmt --check "$methodology" "$dataset" || wrong=1
subjects=("$methodology" "$dataset" --methodology "$methodology" --strict)
cleancloud-rules check "${subjects[@]}" || wrong=1
cleancloud-rules check "${subjects[@]}" --format sarif --output "$log" \
    ${DOCUMENTATION:+--documentation "$DOCUMENTATION"} || wrong=1
cleancloud-rules test "$methodology" || wrong=1

if [ "$wrong" != 0 ]; then
    echo "Nothing is published." >&2
    exit 1
fi
cleancloud-rules report "$dataset" --methodology "$methodology" --output "$pages"
