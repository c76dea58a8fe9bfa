-- Counters of rate limits. UNLOGGED: nothing is written ahead for them and a crash forgets them, which costs nobody
-- more than a few more tries.
CREATE UNLOGGED TABLE "rate_limits" (
    "key_hash" BYTEA NOT NULL,
    "hits" INTEGER NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key_hash")
) WITH (fillfactor = 50);

-- CreateIndex
CREATE INDEX "rate_limits_ends_at_idx" ON "rate_limits"("ends_at");

-- CreateTable
CREATE TABLE "code_sends" (
    "id" UUID NOT NULL,
    "contact_hash" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "code_sends_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "code_sends_contact_hash_at_idx" ON "code_sends"("contact_hash", "at");

-- CreateIndex
CREATE INDEX "code_sends_at_idx" ON "code_sends"("at");

-- Counts one use under a key, in windows that begin with the first use. Answers 0 while there are at most
-- p_amount, otherwise the whole seconds until the window ends. Counting and asking are one statement, so that
-- requests at the same moment cannot pass together.
CREATE FUNCTION take_hit(p_key bytea, p_amount integer, p_window_ms integer, p_now timestamptz)
RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  wait integer;
BEGIN
  INSERT INTO rate_limits AS l (key_hash, hits, ends_at)
  VALUES (p_key, 1, p_now + p_window_ms * interval '1 millisecond')
  ON CONFLICT (key_hash) DO UPDATE SET
    hits = CASE WHEN l.ends_at <= p_now THEN 1 ELSE least(l.hits, p_amount) + 1 END,
    ends_at = CASE WHEN l.ends_at <= p_now THEN excluded.ends_at ELSE l.ends_at END
  RETURNING CASE WHEN l.hits <= p_amount THEN 0
                 ELSE greatest(1, ceil(extract(epoch FROM l.ends_at - p_now)))::integer END
  INTO wait;
  RETURN wait;
END $$;

-- The public check in one round trip: its limit, and whether the phone is reported. A null key only counts.
CREATE FUNCTION check_imei(
  p_key14 text, p_key bytea, p_amount integer, p_window_ms integer, p_now timestamptz,
  OUT wait integer, OUT reported boolean
) LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  wait := take_hit(p_key, p_amount, p_window_ms, p_now);
  reported := wait = 0 AND EXISTS (
    SELECT 1 FROM case_imeis WHERE key14 = p_key14::character(14) AND listed
  );
END $$;
