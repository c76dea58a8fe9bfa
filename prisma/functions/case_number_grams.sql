-- Returns every four consecutive characters of a case's number (ABC-XXXX-XXXX-C), without prefix and hyphens. In PL/pgSQL,
-- because PostgreSQL plans the body of an SQL function anew for each case.
CREATE OR REPLACE FUNCTION case_number_grams(number text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
  characters constant text := replace(substr(number, 5), '-', '');
  grams text[] := '{}';
BEGIN
  FOR at IN 1 .. length(characters) - 3 LOOP
    grams := grams || substr(characters, at, 4);
  END LOOP;
  RETURN grams;
END $$;
