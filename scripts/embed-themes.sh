#!/bin/sh
# Writes the copies of themes/*.yaml that are compiled in. Run it after changing one of them.
set -eu
cd "$(dirname "$0")/.."
output=Sources/TerminalKit/EmbeddedThemes.swift
{
  echo '// Written by scripts/embed-themes.sh from themes; a test compares the two.'
  echo
  echo 'extension Theme {'
  echo '  /// The files of `themes/`, for a binary that stands alone; a test holds them equal.'
  echo '  static let embeddedText: [String: String] = ['
  for file in themes/*.yaml; do
    echo "    \"$(basename "$file" .yaml)\": #\"\"\""
    sed -e '/./s/^/    /' "$file"
    echo
    echo '    """#,'
  done
  echo '  ]'
  echo '}'
} > "$output.new"
mv "$output.new" "$output"
