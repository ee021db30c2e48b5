/** Ends lines that a job's own key stands in. */
export const JOB_MARK = 'dc-job';
/** Ends the line of the standing key. */
export const DOOR_MARK = 'dc-door';
/** Ends lines that are the renter's by what the marketplace was told. */
export const RENTER_MARK = 'dc-renter';

/**
 * Functions of a POSIX shell that change root's `authorized_keys`; `refuse <code> <words>` must be there.
 *
 * - `guard`: refuses a folder or a file that is a link or that others may write: then somebody else
 *   could choose what is written. Whatever the owner linked stays as it is.
 * - `lock`: one at a time; nothing is left behind, for the lock is on the folder itself.
 * - `begin <sed>`: `$part` is a copy of the file without the lines that the sed command drops. It is in
 *   the same folder, so that nobody else can be there before it.
 * - `commit`: puts `$part` in the file's place, whole or not at all; a full disk changes nothing.
 */
export const KEYS_FILE_FUNCTIONS = String.raw`
folder=$HOME/.ssh
keys=$folder/authorized_keys

guard() {
  if [ ! -e "$folder" ] && [ ! -L "$folder" ]; then
    mkdir -m 700 "$folder" || refuse 74 "cannot make $folder"
  fi
  if [ -L "$folder" ] || [ ! -d "$folder" ] || [ ! -O "$folder" ]; then
    refuse 73 "$folder is not a folder of this user; nothing was changed"
  fi
  case $(ls -ld "$folder") in
  d????-??-*) ;;
  *) refuse 73 "others may write to $folder; nothing was changed" ;;
  esac
  if [ -L "$keys" ] || { [ -e "$keys" ] && [ ! -f "$keys" ]; }; then
    refuse 73 "$keys is not a plain file; nothing was changed"
  fi
}

lock() {
  exec 9<"$folder" || refuse 74 "cannot read $folder"
  flock -w 10 9 || refuse 75 "somebody else is changing $keys"
}

begin() {
  part=$(mktemp "$folder/.dc-part.XXXXXX") || refuse 74 "cannot write to $folder"
  trap 'rm -f "$part"' EXIT
  trap 'exit 129' HUP INT TERM
  if [ -f "$keys" ]; then
    sed "$1" "$keys" >"$part" || refuse 74 "cannot copy $keys"
    if [ -n "$(tail -c 1 "$part")" ]; then
      printf '\n' >>"$part" || refuse 74 "cannot copy $keys"
    fi
  fi
}

commit() {
  sync "$part" 2>/dev/null || sync
  mv -f "$part" "$keys" || refuse 74 "cannot write $keys"
}
`;

/** What a script starts with that must not be led astray by what is around it. */
export const SHELL_PREAMBLE = String.raw`set -u
umask 077
unset TZ IFS CDPATH ENV BASH_ENV
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
HOME=${'$'}{HOME:-/root}
export LC_ALL PATH HOME
`;
