# What programs in Python do with etcd3: with_etcd.py PORT list|put|revoke PREFIX-OR-KEY-OR-LEASE [VALUE]
import sys

import etcd3

client = etcd3.client(host="127.0.0.1", port=int(sys.argv[1]))
command, key = sys.argv[2], sys.argv[3]

if command == "list":
    for value, metadata in client.get_prefix(key):
        print(metadata.key.decode(), value.decode())
elif command == "put":
    lease = client.lease(30)
    client.put(key, sys.argv[4], lease=lease)
    print(lease.id)
elif command == "revoke":
    client.revoke_lease(int(key))
