# What programs in Python do with python-consul: with_consul.py PORT list|register|deregister SERVICE [ID ADDRESS PORT]
import sys

import consul
from consul.base import CB


# Its own calls for these send GET, which Consul refuses since 1.0.
def put(path):
    assert client.http.put(CB.bool(), path), path


client = consul.Consul(host="127.0.0.1", port=int(sys.argv[1]))
command, service = sys.argv[2], sys.argv[3]

if command == "list":
    _, entries = client.health.service(service, passing=True)
    for entry in entries:
        found = entry["Service"]
        print(found["ID"], found["Address"], found["Port"], ",".join(found["Tags"]))
elif command == "register":
    client.agent.service.register(service, service_id=sys.argv[4], address=sys.argv[5], port=int(sys.argv[6]), tags=["python"],
                                  check=consul.Check.ttl("30s"))
    put("/v1/agent/check/pass/service:" + sys.argv[4])
elif command == "deregister":
    put("/v1/agent/service/deregister/" + sys.argv[4])
