import type { Sandbox } from './sandbox.ts';

/**
 * Lays a full file system over every folder in which a machine writes. What is there can still be read;
 * files that were open before can still be written.
 */
const FILL = `
full=/usr/machine/full
mount -t tmpfs -o size=256k,nr_inodes=1024,mode=700 full $full
folders=
for folder in /*/; do
  folder=\${folder%/}
  if [ -L "$folder" ]; then continue; fi
  case $folder in
    /bin | /sbin | /lib* | /usr | /proc | /dev | /sys | *[!A-Za-z0-9/._-]*) ;;
    *) folders="$folders $folder" ;;
  esac
done
for folder in $folders /usr/local; do
  own=$full/\${folder//\\//_}
  mkdir -p "$own/upper" "$own/work" "$own/all"
  mount -t overlay -o "lowerdir=$folder,upperdir=$own/upper,workdir=$own/work,userxattr" full "$own/all"
done
mount --bind /usr/machine/ld.so.cache $full/_etc/all/ld.so.cache
mount --bind /usr/machine/empty $full/_etc/all/ld.so.preload
mount --rbind /etc/alternatives $full/_etc/all/alternatives
cat /dev/zero >$full/fill 2>/dev/null || true
count=0
while (: >"$full/n$count") 2>/dev/null; do count=$((count + 1)); done
for folder in $folders /usr/local; do
  mount --rbind "$full/\${folder//\\//_}/all" "$folder"
done`;

const EMPTY = `
while read -r _ _ _ _ point _; do
  case $point in
    /usr/machine/full*) ;;
    *) echo "$point" ;;
  esac
done < <(grep ' - overlay full ' /proc/self/mountinfo) | while read -r point; do umount -l "$point"; done
umount -l /usr/machine/full`;

export function fillDisk(sandbox: Sandbox): Promise<void> {
  return sandbox.runTrusted(FILL);
}

export function emptyDisk(sandbox: Sandbox): Promise<void> {
  return sandbox.runTrusted(EMPTY);
}
