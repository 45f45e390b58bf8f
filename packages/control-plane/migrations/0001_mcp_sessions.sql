CREATE TABLE "mcp_sessions" (
	"organization_id" uuid NOT NULL,
	"route_id" uuid NOT NULL,
	"fingerprint" text NOT NULL,
	"principal" text NOT NULL,
	"instance" text NOT NULL,
	"last_used_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "mcp_sessions_route_id_fingerprint_pk" PRIMARY KEY("route_id","fingerprint")
);
--> statement-breakpoint
ALTER TABLE "mcp_sessions" ADD CONSTRAINT "mcp_sessions_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "mcp_sessions_fingerprint" ON "mcp_sessions" USING btree ("organization_id","fingerprint");--> statement-breakpoint
CREATE INDEX "mcp_sessions_principal" ON "mcp_sessions" USING btree ("organization_id","principal","last_used_at");--> statement-breakpoint
CREATE INDEX "mcp_sessions_last_used" ON "mcp_sessions" USING btree ("organization_id","last_used_at");