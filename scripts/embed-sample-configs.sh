#!/bin/sh
# Writes the copies of sample-configs/*.yaml that are compiled in. Run it after changing one of them.
set -eu
cd "$(dirname "$0")/.."
output=Sources/Runs/Configuration/EmbeddedSamples.swift
# From easy to hard: the order of the start screen.
names="ring8 ring8-collapse ring8-wgan-gp ring8-unrolled ring8-packed ring8-base grid25 moons dirac dirac-r1 digits mnist-mlp
  mnist-layers mnist-dcgan mnist-lsgan mnist-wgan-gp mnist-sn-hinge mnist-sagan mnist-cgan mnist-acgan mnist-infogan
  mnist-biggan mnist-bigan mnist-stacked mnist-progressive mnist-style facades-pix2pix facades-cyclegan"

for file in sample-configs/*.yaml; do
  case " $(echo $names) " in
    *" $(basename "$file" .yaml) "*) ;;
    *) echo "$file is missing in the list of names in $0" >&2; exit 1 ;;
  esac
done

{
  echo '// Written by scripts/embed-sample-configs.sh from sample-configs; a test compares the two.'
  echo
  echo '/// The sample configurations that every binary has.'
  echo 'enum EmbeddedSamples {'
  echo '  /// From easy to hard.'
  echo '  static let names = ['
  for name in $names; do echo "    \"$name\","; done
  echo '  ]'
  echo
  echo '  static let texts: [String: String] = ['
  for name in $names; do
    echo "    \"$name\": ##\"\"\""
    sed -e '/./s/^/    /' "sample-configs/$name.yaml"
    echo
    echo '    """##,'
  done
  echo '  ]'
  echo '}'
} > "$output.new"
mv "$output.new" "$output"
