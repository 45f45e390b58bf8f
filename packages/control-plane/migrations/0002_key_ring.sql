ALTER TABLE "signing_keys" ALTER COLUMN "sealed_private_jwk" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "signing_keys" ADD COLUMN "published_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "signing_keys" ADD COLUMN "requested_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "signing_keys" ADD COLUMN "promoted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "signing_keys" ADD COLUMN "retired_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "signing_keys" ADD COLUMN "removed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "signing_keys" ADD COLUMN "revoked_at" timestamp (3) with time zone;--> statement-breakpoint
-- Written by hand: the one key of before has been published and signing since it was made.
UPDATE "signing_keys" SET "published_at" = "created_at", "promoted_at" = "created_at";--> statement-breakpoint
ALTER TABLE "signing_keys" ALTER COLUMN "published_at" SET NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "signing_keys_next" ON "signing_keys" USING btree ("organization_id") WHERE "signing_keys"."state" = 'next';