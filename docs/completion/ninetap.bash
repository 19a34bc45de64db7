# bash completion for ninetap-bench, ninetap-check and ninetap-filter: what their --help names.

_ninetap() {
  local program=$1 word=$2 before=$3 words
  case $before in
    --json | --golden) mapfile -t COMPREPLY < <(compgen -f -- "$word"); return ;;
    --case) words=$("$program" --list 2>/dev/null) ;;
    --suite)
      words=$("$program" --help 2>/dev/null |
        sed -n '/--suite/,/default:/{/--suite/d;/default:/d;p;}')
      ;;
    --layout) words='nchw nhwc own' ;;
    --algo) words='auto direct winograd2 winograd4 winograd6' ;;
    --precision) words='default exact portable fast' ;;
    --isa) words='best all reference avx512 avx2 sse2 neon scalar' ;;
    -f | --filter)
      words='edge outline sobel identity sharpen box gaussian sobel-x sobel-y laplacian emboss'
      ;;
    *)
      if [[ $word != -* ]]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        return
      fi
      words=$("$program" --help 2>/dev/null | grep -oE -- '--[a-z]+[a-z0-9_-]*' | sort -u)
      ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -F _ninetap ninetap-bench ninetap-check ninetap-filter
