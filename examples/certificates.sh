# Certificates for examples: a CA of one's own, and what it signs, in the current folder. Sourced; needs openssl.

make_ca() { # ca.crt, ca.key
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=examples CA" -keyout ca.key -out ca.crt 2> /dev/null
}

make_certificate() { # NAME EXTENSION...: NAME.crt, NAME.key
  local name=$1
  shift
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=$name" -keyout "$name.key" -out "$name.csr" 2> /dev/null
  printf '%s\n' "$@" > "$name.ext"
  openssl x509 -req -in "$name.csr" -CA ca.crt -CAkey ca.key -CAcreateserial -days 30 -extfile "$name.ext" -out "$name.crt" 2> /dev/null
  chmod 600 "$name.key"
}
