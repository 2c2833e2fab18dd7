const PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73,
  79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157,
  163, 167,
];
const GENERATOR = 65537;

/** The residues that powers of the generator take modulo each prime. */
const residues = PRIMES.map(prime => {
  const powers = new Set<number>();
  for (let power = 1; !powers.has(power); power = (power * GENERATOR) % prime) {
    powers.add(power);
  }
  return { prime: BigInt(prime), powers };
});

/**
 * Whether an RSA modulus has the fingerprint of ROCA (CVE-2017-15361): primes of the weak generator are k·M + 65537^a mod M, so
 * their product is a power of 65537 modulo every small prime. A sound modulus has it once in about 2^27.
 */
export function hasRocaFingerprint(modulus: bigint): boolean {
  return residues.every(({ prime, powers }) =>
    powers.has(Number(modulus % prime)),
  );
}
