# The role and the user of the app "orders", which calls "payments". Mind the slash at the end of each prefix.
etcdctl role add orders
etcdctl role grant-permission orders --prefix=true readwrite /services/orders/
etcdctl role grant-permission orders --prefix=true read /services/payments/
etcdctl user add orders
etcdctl user grant-role orders orders
