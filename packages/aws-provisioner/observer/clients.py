# Clients of boto3, one for each service, place and identity.
import threading

import boto3
from botocore.config import Config

config = Config(retries={"mode": "standard", "max_attempts": 3}, connect_timeout=5, read_timeout=20, inject_host_prefix=False)


class Clients:
    def __init__(self, places):
        # Endpoint by service; `all` for those that are not named.
        self.places = places
        self.made = {}
        self.making = threading.Lock()

    def of(self, service, identity=None, endpoint=None):
        identity = identity or {"accessKeyId": "test", "secretAccessKey": "test"}
        endpoint = endpoint or self.places.get(service) or self.places["all"]
        key = (service, *identity.values(), endpoint)
        # Making a client is not safe in two threads at once.
        with self.making:
            if key not in self.made:
                self.made[key] = boto3.client(
                    service,
                    region_name="us-east-1",
                    endpoint_url=endpoint,
                    aws_access_key_id=identity["accessKeyId"],
                    aws_secret_access_key=identity["secretAccessKey"],
                    aws_session_token=identity.get("sessionToken"),
                    config=config,
                )
        return self.made[key]
