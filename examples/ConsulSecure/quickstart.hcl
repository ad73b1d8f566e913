# What QuickStart does in Consul. It shows all services (/services) and those that one asks for, hence read on every name;
# an app that calls only some names those instead, as in ../LeastPrivilege.
service "quickstart" {
  policy = "write"
}
service_prefix "" {
  policy = "read"
}
node_prefix "" {
  policy = "read"
}
