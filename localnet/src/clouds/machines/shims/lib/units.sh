# Reads systemd's unit files. Source: systemd.unit(5), systemd.service(5), systemd.exec(5).
UNIT_FOLDERS='/etc/systemd/system /run/systemd/system /usr/local/lib/systemd/system'
STATE_FOLDER=/run/units
JOURNAL=/var/log/journal
SERVICE_PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# foo -> foo.service
unit_name() {
  case $1 in
    *.service | *.target | *.timer | *.socket | *.path | *.mount | *.slice) echo "${1##*/}" ;;
    *) echo "${1##*/}.service" ;;
  esac
}

# Services of Ubuntu that a machine has without a file, always running.
is_builtin() {
  case $1 in
    ssh.service | sshd.service | systemd-journald.service | rsyslog.service | cron.service | \
      systemd-resolved.service | systemd-timesyncd.service | ufw.service | \
      multi-user.target | network.target | network-online.target | basic.target) return 0 ;;
    *) return 1 ;;
  esac
}

# The file of a unit, or of its template.
unit_file() {
  local folder name=$1 template=''
  [[ $name == *@*.* ]] && template="${name%%@*}@.${name##*.}"
  for folder in $UNIT_FOLDERS; do
    [ -e "$folder/$name" ] && echo "$folder/$name" && return
  done
  [ -n "$template" ] || return 1
  for folder in $UNIT_FOLDERS; do
    [ -e "$folder/$template" ] && echo "$folder/$template" && return
  done
  return 1
}

trimmed() {
  local text=$1
  text=${text#"${text%%[![:space:]]*}"}
  printf '%s' "${text%"${text##*[![:space:]]}"}"
}

# Fills UNIT["Section.Key"]; a key given several times has a line for each.
declare -A UNIT
load_unit() {
  local file section='' line more key value
  file=$(unit_file "$1") || return 4
  UNIT=()
  while IFS= read -r line || [ -n "$line" ]; do
    while [[ $line == *\\ ]]; do
      IFS= read -r more || more=''
      line="${line%\\} $more"
    done
    line=$(trimmed "$line")
    case $line in
      '' | '#'* | ';'*) continue ;;
      '['*']') section=${line:1:-1} && continue ;;
    esac
    [[ $line == *=* ]] || continue
    key=$section.$(trimmed "${line%%=*}")
    value=$(with_specifiers "$1" "$(trimmed "${line#*=}")")
    if [ -z "$value" ]; then UNIT[$key]=''
    else UNIT[$key]+=${UNIT[$key]:+$'\n'}$value; fi
  done < <(cat "$file" && for more in $UNIT_FOLDERS; do cat "$more/$1.d"/*.conf 2>/dev/null && echo; done)
}

# The last line counts for keys that have one value.
unit_value() {
  local lines=${UNIT[$1]:-}
  printf '%s' "${lines##*$'\n'}"
}

with_specifiers() {
  local name=$1 text=$2 instance=''
  [[ $text == *%* ]] || { printf '%s' "$text"; return; }
  [[ $name == *@* ]] && instance=${name#*@} && instance=${instance%.*}
  text=${text//'%%'/$'\001'}
  text=${text//'%n'/$name}
  text=${text//'%N'/${name%.*}}
  text=${text//'%p'/${name%%[@.]*}}
  text=${text//'%i'/$instance}
  text=${text//'%I'/$instance}
  text=${text//'%H'/$(hostname)}
  text=${text//'%h'/\/root}
  text=${text//'%t'/\/run}
  text=${text//'%S'/\/var\/lib}
  printf '%s' "${text//$'\001'/%}"
}

# Splits like systemd: quotes keep blanks, a backslash escapes. Fills WORDS.
split_words() {
  local text=$1 word='' quote='' char has='' i
  WORDS=()
  for ((i = 0; i < ${#text}; i++)); do
    char=${text:i:1}
    if [ "$char" = \\ ]; then
      i=$((i + 1))
      has=1
      case ${text:i:1} in
        n) word+=$'\n' ;;
        t) word+=$'\t' ;;
        s) word+=' ' ;;
        *) word+=${text:i:1} ;;
      esac
    elif [ -n "$quote" ]; then
      if [ "$char" = "$quote" ]; then quote=''; else word+=$char; fi
    elif [ "$char" = '"' ] || [ "$char" = "'" ]; then
      quote=$char
      has=1
    elif [[ $char == [[:space:]] ]]; then
      [ -n "$word$has" ] && WORDS+=("$word")
      word=''
      has=''
    else
      word+=$char
    fi
  done
  [ -n "$word$has" ] && WORDS+=("$word")
  return 0
}

# Fills ENVIRONMENT with NAME=value of Environment= and EnvironmentFile=; fails without such a file.
declare -A VALUES
load_environment() {
  local line file
  VALUES=([PATH]=$SERVICE_PATH [HOME]=/root [USER]=root [LOGNAME]=root [SHELL]=/bin/sh
    [LANG]=C.UTF-8 [TAR_OPTIONS]=--no-same-owner)
  # By this a host without isolation finds its machines' programs again.
  [ -n "${DC_MACHINE:-}" ] && VALUES[DC_MACHINE]=$DC_MACHINE
  split_words "${UNIT[Service.Environment]:-}"
  for line in "${WORDS[@]}"; do [[ $line == *=* ]] && VALUES[${line%%=*}]=${line#*=}; done
  while IFS= read -r file; do
    [ -n "$file" ] || continue
    if [ -r "${file#-}" ]; then read_environment "${file#-}"
    elif [ "${file:0:1}" != - ]; then echo "Failed to load environment files: $file" && return 1; fi
  done <<<"${UNIT[Service.EnvironmentFile]:-}"
  ENVIRONMENT=()
  for line in "${!VALUES[@]}"; do ENVIRONMENT+=("$line=${VALUES[$line]}"); done
}

read_environment() {
  local line value
  while IFS= read -r line || [ -n "$line" ]; do
    line=$(trimmed "$line")
    case $line in '' | '#'* | ';'*) continue ;; esac
    [[ $line == *=* ]] || continue
    value=$(trimmed "${line#*=}")
    case $value in
      '"'*'"') value=$(unescaped "${value:1:-1}") ;;
      "'"*"'") value=${value:1:-1} ;;
    esac
    VALUES[${line%%=*}]=$value
  done <"$1"
}

# Inside double quotes a backslash escapes only what is special there.
unescaped() {
  printf '%s' "$1" | sed 's/\\\([\\"$`]\)/\1/g'
}

# Splits a command line, and puts variables in: ${NAME} anywhere, $NAME as a word of its own.
command_words() {
  local word result=() name
  split_words "$1"
  for word in "${WORDS[@]}"; do
    if [[ $word =~ ^\$([A-Za-z_][A-Za-z0-9_]*)$ ]]; then
      read -ra name <<<"${VALUES[${BASH_REMATCH[1]}]:-}"
      result+=("${name[@]}")
      continue
    fi
    result+=("$(with_values "$word")")
  done
  WORDS=("${result[@]}")
}

with_values() {
  local text=$1 result='' name
  while [[ $text =~ ^([^$]*)(\$\$|\$\{[A-Za-z_][A-Za-z0-9_]*\}|\$)(.*)$ ]]; do
    result+=${BASH_REMATCH[1]}
    name=${BASH_REMATCH[2]}
    text=${BASH_REMATCH[3]}
    case $name in
      '${'*) name=${name:2:-1} && result+=${VALUES[$name]:-} ;;
      *) result+=\$ ;;
    esac
  done
  printf '%s' "$result$text"
}

# "1min 30s" -> 90.000, "100ms" -> 0.100; "infinity" is a year.
seconds() {
  local word total=0
  for word in $1; do
    case $word in
      infinity) total=31536000000 ;;
      *ms) total=$((total + ${word%ms})) ;;
      *min) total=$((total + ${word%min} * 60000)) ;;
      *h) total=$((total + ${word%h} * 3600000)) ;;
      *s) total=$((total + ${word%s} * 1000)) ;;
      *) total=$((total + word * 1000)) ;;
    esac
  done
  printf '%d.%03d' $((total / 1000)) $((total % 1000))
}

state_of() {
  local state
  state=$(cat "$STATE_FOLDER/$1/state" 2>/dev/null) || { echo inactive; return; }
  case $state in
    active | activating | deactivating)
      kill -0 "$(cat "$STATE_FOLDER/$1/supervisor" 2>/dev/null)" 2>/dev/null || state=failed ;;
  esac
  echo "$state"
}
