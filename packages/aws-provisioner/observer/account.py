# Everything in an account that mentions a text, read by listing: roles, network, logs, secrets, tables, tasks, images, scaling.
import json

from botocore.exceptions import ClientError


def snapshot(clients, text):
    """What mentions the text, by kind, each in the order of its name. An empty text stands for everything."""
    of = clients.of
    return {
        "roles": roles(of("iam"), text),
        "policies": policies(of("iam"), text),
        "securityGroups": security_groups(of("ec2"), text),
        "logGroups": log_groups(of("logs"), text),
        "secrets": secrets(of("secretsmanager"), text),
        "tables": tables(of("dynamodb"), text),
        "taskDefinitions": task_definitions(of("ecs"), text),
        "services": services(of("ecs"), text),
        "tasks": tasks(of("ecs"), text),
        "repositories": repositories(of("ecr"), text),
        "images": images(of("ecr"), text),
        "scaling": scaling(of("application-autoscaling"), text),
    }


gone = ("NoSuchEntity", "NotFound", "does not exist")


def each(items, read):
    """Reads one after the other. What goes away between the list and the look is not there."""
    found = []
    for item in items:
        try:
            seen = read(item)
        except ClientError as error:
            if not any(word in str(error) for word in gone):
                raise
            seen = None
        if seen is not None:
            found.append(seen)
    return found


def mentions(value, text):
    return text in json.dumps(value, default=str)


def pages(client, call, key, **arguments):
    """All items of a list, over all pages."""
    if client.can_paginate(call):
        return [item for page in client.get_paginator(call).paginate(**arguments) for item in page.get(key, [])]
    return getattr(client, call)(**arguments).get(key, [])


def by(key, items):
    return sorted(items, key=lambda item: str(item[key]))


def tags_of(pairs):
    return {pair.get("Key", pair.get("key")): pair.get("Value", pair.get("value")) for pair in pairs or []}


def roles(iam, text):
    def read(role):
        name = role["RoleName"]
        tags = tags_of(iam.list_role_tags(RoleName=name)["Tags"])
        if not mentions([name, tags], text):
            return None
        whole = iam.get_role(RoleName=name)["Role"]
        inline = pages(iam, "list_role_policies", "PolicyNames", RoleName=name)
        return {
            "id": whole["RoleId"],
            "name": name,
            "arn": whole["Arn"],
            "path": whole["Path"],
            "trust": whole["AssumeRolePolicyDocument"],
            "boundary": whole.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
            "inline": {one: iam.get_role_policy(RoleName=name, PolicyName=one)["PolicyDocument"] for one in inline},
            "attached": pages(iam, "list_attached_role_policies", "AttachedPolicies", RoleName=name),
            "tags": tags,
        }

    return by("name", each(pages(iam, "list_roles", "Roles"), read))


def policies(iam, text):
    found = [{"name": one["PolicyName"], "arn": one["Arn"]} for one in pages(iam, "list_policies", "Policies", Scope="Local")]
    return by("name", [one for one in found if mentions(one, text)])


def security_groups(ec2, text):
    def read(group):
        tags = tags_of(group.get("Tags"))
        if not mentions([group["GroupName"], tags], text):
            return None
        told = {"id": group["GroupId"], "name": group["GroupName"], "vpc": group["VpcId"], "tags": tags}
        return {**told, "ingress": group["IpPermissions"], "egress": group["IpPermissionsEgress"]}

    return by("name", each(pages(ec2, "describe_security_groups", "SecurityGroups"), read))


def log_groups(logs, text):
    def read(group):
        name = group["logGroupName"]
        tags = logs.list_tags_log_group(logGroupName=name).get("tags", {})
        if not mentions([name, tags], text):
            return None
        return {"name": name, "retention": group.get("retentionInDays"), "tags": tags}

    return by("name", each(pages(logs, "describe_log_groups", "logGroups"), read))


def secrets(client, text):
    def read(one):
        tags = tags_of(one.get("Tags"))
        if not mentions([one["Name"], tags], text):
            return None
        deleted = one.get("DeletedDate")
        # Apart from its value, so that a search for a value can leave out the one place where it belongs.
        value = None if deleted else client.get_secret_value(SecretId=one["ARN"])["SecretString"]
        told = {"name": one["Name"], "arn": one["ARN"], "description": one.get("Description"), "tags": tags, "deleted": deleted}
        return {**told, "versions": len(one.get("SecretVersionsToStages") or []), "value": value}

    return by("name", each(pages(client, "list_secrets", "SecretList", IncludePlannedDeletion=True), read))


def tables(dynamodb, text):
    def read(name):
        table = dynamodb.describe_table(TableName=name)["Table"]
        tags = tags_of(dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"])
        if not mentions([name, tags], text):
            return None
        backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        return {
            "id": table.get("TableId"),
            "name": name,
            "keys": {key["KeyType"]: key["AttributeName"] for key in table["KeySchema"]},
            "types": {one["AttributeName"]: one["AttributeType"] for one in table["AttributeDefinitions"]},
            "billing": table.get("BillingModeSummary", {}).get("BillingMode"),
            "protected": table.get("DeletionProtectionEnabled", False),
            "encryption": table.get("SSEDescription", {}).get("Status"),
            "ttl": dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"],
            "recovery": backups.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus"),
            "items": dynamodb.scan(TableName=name, Select="COUNT")["Count"],
            "tags": tags,
        }

    return by("name", each(pages(dynamodb, "list_tables", "TableNames"), read))


def task_definitions(ecs, text):
    def read(arn):
        if text not in arn:
            return None
        whole = ecs.describe_task_definition(taskDefinition=arn, include=["TAGS"])
        definition = whole["taskDefinition"]
        return {"arn": arn, "status": definition["status"], "definition": definition, "tags": tags_of(whole.get("tags"))}

    arns = [arn for one in ("ACTIVE", "INACTIVE") for arn in pages(ecs, "list_task_definitions", "taskDefinitionArns", status=one)]
    return by("arn", each(dict.fromkeys(arns), read))


def services(ecs, text):
    found = []
    for cluster in pages(ecs, "list_clusters", "clusterArns"):
        arns = pages(ecs, "list_services", "serviceArns", cluster=cluster)
        for at in range(0, len(arns), 10):
            whole = ecs.describe_services(cluster=cluster, services=arns[at : at + 10], include=["TAGS"])["services"]
            found += [{**one, "tags": tags_of(one.get("tags"))} for one in whole]
    return by("serviceName", [one for one in found if one["status"] != "INACTIVE" and mentions([one["serviceName"], one["tags"]], text)])


def tasks(ecs, text):
    """Tasks that run or start; of those that ended, what AWS still tells."""
    found = []
    for cluster in pages(ecs, "list_clusters", "clusterArns"):
        for wanted in ("RUNNING", "STOPPED"):
            arns = pages(ecs, "list_tasks", "taskArns", cluster=cluster, desiredStatus=wanted)
            for at in range(0, len(arns), 100):
                found += ecs.describe_tasks(cluster=cluster, tasks=arns[at : at + 100], include=["TAGS"])["tasks"]
    unique = {one["taskArn"]: one for one in found if text in one["taskDefinitionArn"]}
    return by("arn", [task_of(one) for one in unique.values()])


def task_of(task):
    details = [detail for one in task.get("attachments", []) for detail in one.get("details", [])]
    address = next((one["value"] for one in details if one["name"] == "privateIPv4Address"), None)
    return {
        "arn": task["taskArn"],
        "definition": task["taskDefinitionArn"],
        "status": task["lastStatus"],
        "group": task.get("group"),
        "startedBy": task.get("startedBy"),
        "address": address,
        "reasons": [task.get("stoppedReason"), *[one.get("reason") for one in task.get("containers", [])]],
        "exitCodes": [one.get("exitCode") for one in task.get("containers", [])],
        "overrides": task.get("overrides"),
        "tags": tags_of(task.get("tags")),
    }


def repositories(ecr, text):
    def read(one):
        tags = tags_of(ecr.list_tags_for_resource(resourceArn=one["repositoryArn"]).get("tags"))
        found = {"name": one["repositoryName"], "mutability": one.get("imageTagMutability"), "tags": tags}
        return found if mentions(found, text) else None

    return by("name", each(pages(ecr, "describe_repositories", "repositories"), read))


def images(ecr, text):
    """Digests and tags of images that have a tag which mentions the text."""
    found = []
    for repository in pages(ecr, "describe_repositories", "repositories"):
        name = repository["repositoryName"]
        for one in pages(ecr, "describe_images", "imageDetails", repositoryName=name):
            tags = sorted(one.get("imageTags", []))
            if any(text in tag for tag in tags) or text == "":
                found.append({"repository": name, "digest": one["imageDigest"], "tags": [tag for tag in tags if text in tag]})
    return by("digest", found)


def scaling(autoscaling, text):
    try:
        targets = pages(autoscaling, "describe_scalable_targets", "ScalableTargets", ServiceNamespace="ecs")
        rules = pages(autoscaling, "describe_scaling_policies", "ScalingPolicies", ServiceNamespace="ecs")
    except ClientError:
        # One of the emulators does not know this service.
        return []
    found = []
    for one in targets:
        own = [rule for rule in rules if rule["ResourceId"] == one["ResourceId"]]
        told = {rule["PolicyName"]: rule.get("TargetTrackingScalingPolicyConfiguration", {}).get("TargetValue") for rule in own}
        found.append({"resource": one["ResourceId"], "min": one["MinCapacity"], "max": one["MaxCapacity"], "policies": told})
    return by("resource", [one for one in found if mentions(one, text)])
