"""A Ray cluster of two nodes on this machine, for tests: prints its address, ends when its standard input does.

A line "lose" on standard input takes the second node away.
"""

import os
import sys

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"

from ray.cluster_utils import Cluster

cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "object_store_memory": 80_000_000})
second = cluster.add_node(num_cpus=1, object_store_memory=80_000_000)
cluster.wait_for_nodes()
sys.stdout.write(f"{cluster.address}\n")
sys.stdout.flush()
for line in sys.stdin:
    if line.strip() == "lose":
        cluster.remove_node(second, allow_graceful=False)
        sys.stdout.write("lost\n")
        sys.stdout.flush()
cluster.shutdown()
