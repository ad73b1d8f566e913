# The ACL policy of the app "orders", which calls "payments".
service "orders" {        # register itself, keep itself alive, leave
  policy = "write"
}
service "payments" {      # find the instances of payments: one such block for each service it calls
  policy = "read"
}
node_prefix "" {          # and the nodes they are on: without it Consul answers with an empty list
  policy = "read"
}
