/**
 * Keeps a lease on another machine: POSIX shell, for dash, bash and busybox. Arguments: take, renew, regain, give or
 * show; the folder of the lease; a token; its lifetime in seconds; who wants it, as one line of JSON.
 *
 * Each change of the lease is a new file, whose name is the number of the last one plus 1. It is written whole beside
 * it, and link(2) gives it its name only if there is no such file: of all who change the same state, exactly one
 * succeeds, and the others look again. So there is no lock that could be left behind, no file that is half-written,
 * and a renewal and a takeover at the same instant cannot both succeed. So it is for a lease that has run out, too: while
 * the newest file is still its holder's, nobody has had it since, and the holder can `regain` it. The last 16 files are kept: a listing during
 * which one file comes and another goes still shows one that was the newest when it began.
 *
 * Time is /proc/uptime of that machine, together with the id of its boot: a clock that nobody can set. After a restart
 * it does not know what it had granted. Leases from before are in use for one lifetime at most, so it grants none until
 * it has been up for that time (as NFS servers do: RFC 8881, 8.4.2.1).
 *
 * What cannot be read, which only a broken disk or a person can have written, is in doubt for one lifetime, too.
 */
export const LEASE_SCRIPT = `
op=$1 d=$2 me=$3 ttl=$4 who=$5
umask 0
read -r boot </proc/sys/kernel/random/boot_id && read -r u x </proc/uptime || exit 1
if [ "$op" != show ]; then
  mkdir "\${d%/*}" 2>/dev/null; mkdir "$d" 2>/dev/null
  [ -d "$d" ] && [ -w "$d" ] || { echo "$d is no folder in which a lease can be kept" >&2; exit 1; }
fi
look() {
  n=0 kind=none by= b= l=0 h=
  for f in "$d"/[1-9]*; do
    g=\${f##*/}
    case $g in *[!0-9]* | ????????????????*) continue ;; esac
    [ -f "$f" ] && [ -r "$f" ] && [ "$g" -gt "$n" ] && n=$g
  done
  [ "$n" -gt 0 ] || return 0
  v= k= e=
  { read -r v k by b l && read -r h && read -r e; } <"$d/$n"
  read -r u x </proc/uptime; u=\${u%%.*}
  kind=damaged
  [ "$v $e" = "everyleaf-lease-1 end" ] || return 0
  case $l in '' | *[!0-9]* | ?????????????*) return 0 ;; esac
  [ "$b" != "$boot" ] || [ "$l" -le $((u + 9999)) ] || return 0
  case $k in held | free) kind=$k ;; esac
}
say() { printf '%s %s %s\\n%s\\n' "$1" "$now" "$left" "$h"; exit 0; }
put() {
  m=$((n + 1)) f=$d/new-$me-$$
  printf 'everyleaf-lease-1 %s %s %s %s\\n%s\\nend\\n' "$1" "$2" "$boot" "$3" "$4" >"$f" || exit 1
  why=$(ln "$f" "$d/$m" 2>&1); r=$?
  rm -f "$f"
  [ $r = 0 ] || return 1
  [ "$1" != free ] || return 0
  look
  [ "$n" = "$m" ] && [ "$kind $by" = "$1 $2" ] || return 1
  for f in "$d"/[1-9]*; do
    g=\${f##*/}
    case $g in *[!0-9]* | ????????????????*) continue ;; esac
    [ "$g" -gt $((n - 16)) ] || rm -f "$f"
  done
  rm -f "$d"/new-*
}
i=0 why=
while [ $i -lt 50 ]; do
  i=$((i + 1))
  look
  read -r u x </proc/uptime; u=\${u%%.*}
  now=$kind left=0
  case $kind in
    none) now=free; [ "$u" -ge "$ttl" ] || now=early ;;
    held)
      if [ "$b" = "$boot" ]; then
        left=$((l - u))
        [ $left -gt 0 ] || now=free left=0
      else
        now=free; [ "$u" -ge "$ttl" ] || now=early
      fi ;;
  esac
  [ $now != early ] || left=$((ttl - u))
  mine=no; [ "$now" = held ] && [ "$by" = "$me" ] && mine=yes
  case $op in
    show) say ok ;;
    give)
      [ "$kind $by" != "free $me" ] || say ok
      [ "$kind $by" = "held $me" ] || say no
      put free "$me" 0 "$h" && now=free left=0 && say ok ;;
    renew | regain)
      [ $mine = yes ] || [ "$op $kind $by $b" = "regain held $me $boot" ] || say no
      put held "$me" $((u + ttl)) "$who" && now=held left=$ttl && say ok ;;
    take)
      if [ $now = free ] || [ $mine = yes ]; then
        put held "$me" $((u + ttl)) "$who" && now=held left=$ttl && say ok
      elif [ $now = damaged ]; then
        put held - $((u + ttl)) '{}' && left=$ttl && say no
      else
        say no
      fi ;;
  esac
done
echo "no lease could be written in $d: $why" >&2
exit 1
`.trim();
