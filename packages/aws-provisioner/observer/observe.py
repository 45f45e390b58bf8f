# Looks at an account beside the provisioner: one JSON command a line in, one JSON answer a line out. It knows nothing of how the
# provisioner names things; what belongs to a deployment is what mentions its id in a name or a tag.
import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

from botocore.exceptions import BotoCoreError, ClientError

import account
from clients import Clients


def call(clients, command):
    """Makes one call of boto3, with the credentials that the command names."""
    client = clients.of(command["service"], command.get("as"), command.get("at"))
    answer = getattr(client, command["call"])(**command.get("with", {}))
    answer.pop("ResponseMetadata", None)
    # A body that streams, such as that of an object or of a function's answer.
    return {key: "a stream" if hasattr(value, "read") else value for key, value in answer.items()}


def snapshot(clients, command):
    return account.snapshot(clients, command["of"])


verbs = {"call": call, "snapshot": snapshot}


def answer(clients, command):
    try:
        return {"id": command["id"], "answer": verbs[command["do"]](clients, command)}
    except ClientError as error:
        told = error.response.get("Error", {})
        return {"id": command["id"], "refusal": {"code": told.get("Code", ""), "message": told.get("Message", "")}}
    except BotoCoreError as error:
        return {"id": command["id"], "refusal": {"code": type(error).__name__, "message": str(error)}}
    except Exception as error:  # Tells the test instead of leaving it to wait.
        return {"id": command["id"], "refusal": {"code": "observer", "message": repr(error)}}


def main():
    clients = Clients(json.loads(sys.argv[1]))
    writing = threading.Lock()

    def work(line):
        told = json.dumps(answer(clients, json.loads(line)), default=str, sort_keys=True)
        with writing:
            print(told, flush=True)

    with ThreadPoolExecutor(4) as pool:
        for line in sys.stdin:
            pool.submit(work, line)


main()
