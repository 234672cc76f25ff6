#!/usr/bin/env bash
# Runs roadworthy with the inputs of the action. Inputs come as variables, so that
# nothing in them is read as shell.
set -euo pipefail

[ "$INPUT_COMMAND" != install ] || exit 0 # the step before has done it
if [ -z "${INPUT_CONTRACT:-}" ]; then
  echo "::error title=Roadworthy::the command $INPUT_COMMAND needs the input contract"
  exit 2
fi
arguments=()
while IFS= read -r line; do
  [ -n "$line" ] && arguments+=("$line")
done <<<"${INPUT_ARGS:-}"

reports=(--report-dir "$INPUT_REPORT_DIR" --format "json,junit,html,markdown,sarif,github")
case "$INPUT_COMMAND" in
  test | certify)
    if [ -z "${INPUT_TARGET:-}" ]; then
      echo "::error title=Roadworthy::the command $INPUT_COMMAND needs the input target"
      exit 2
    fi
    command=("$INPUT_COMMAND" "$INPUT_CONTRACT" --target "$INPUT_TARGET" "${reports[@]}") ;;
  check) command=(check "$INPUT_CONTRACT" "$INPUT_FILE" "${reports[@]}") ;;
  lint) command=(lint "$INPUT_CONTRACT" --format github) ;;
  drift) command=(drift "$INPUT_FILE" "$INPUT_CONTRACT" --format github) ;;
  *)
    echo "::error title=Roadworthy::the command must be test, certify, check, lint, drift or install, found $INPUT_COMMAND"
    exit 2 ;;
esac

code=0
roadworthy "${command[@]}" ${arguments[@]+"${arguments[@]}"} || code=$?
[ -z "${GITHUB_OUTPUT:-}" ] || echo "exit-code=$code" >>"$GITHUB_OUTPUT"
exit "$code"
