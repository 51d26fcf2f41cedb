/// Elementary functions on eight floats at once, of our own so that a seed gives the same data with every C library.

/// Uniform on [0, 1) in steps of 2^-23.
@inline(__always)
func uniform(_ words: Words) -> Floats {
  unsafeBitCast((words &>> 9) | 0x3F80_0000, to: Floats.self) - 1
}

/// Uniform on 0 ..< count, by the high half of a product; the bias is below count * 2^-32.
@inline(__always)
func index(_ words: Words, below count: UInt32) -> Words {
  multiplyWide(words, count).high
}

/// Integers below 2^23 as floats.
@inline(__always)
func float(_ words: Words) -> Floats {
  unsafeBitCast(words | 0x4B00_0000, to: Floats.self) - Float(8_388_608)
}

/// The bits of `a` in lanes of ones, of `b` in lanes of zeros: two operations where a mask of lanes takes many more.
@inline(__always)
func select(_ a: Floats, _ b: Floats, where ones: Words) -> Words {
  (unsafeBitCast(a, to: Words.self) & ones) | (unsafeBitCast(b, to: Words.self) & ~ones)
}

/// Sine and cosine of 2 pi w / 2^32: a word is an angle in turns, so no argument reduction loses bits.
@inline(__always)
func sineCosine(ofTurns words: Words) -> (sine: Floats, cosine: Floats) {
  // The nearest quarter turn, and what is left of it: -1/8 to 1/8 of a turn.
  let shifted = words &+ 0x2000_0000
  let quadrant = shifted &>> 30
  let rest = float((shifted & 0x3FFF_FFFF) &>> 7) - Float(4_194_304)
  let x = rest * Float(2 * Double.pi / 33_554_432)
  let x2 = x * x
  // Taylor to x^9 and x^10: the next terms are below 3e-8 at a quarter of pi.
  var s = Floats(repeating: 1 / 362_880)
  s = s * x2 + Float(-1.0 / 5_040)
  s = s * x2 + Float(1.0 / 120)
  s = s * x2 + Float(-1.0 / 6)
  s = s * x2 * x + x
  var c = Floats(repeating: -1 / 3_628_800)
  c = c * x2 + Float(1.0 / 40_320)
  c = c * x2 + Float(-1.0 / 720)
  c = c * x2 + Float(1.0 / 24)
  c = c * x2 + Float(-0.5)
  c = c * x2 + Float(1)
  // Odd quarters swap the two; which signs turn follows from the quarter's bits.
  let isOdd = Words(repeating: 0) &- (quadrant & 1)
  let sine = select(c, s, where: isOdd) ^ ((quadrant & 2) &<< 30)
  let cosine = select(s, c, where: isOdd) ^ (((quadrant &+ 1) & 2) &<< 30)
  return (unsafeBitCast(sine, to: Floats.self), unsafeBitCast(cosine, to: Floats.self))
}

/// Sine and cosine of an angle in turns, of magnitude below 2^21.
@inline(__always)
func sineCosine(ofTurns turns: Floats) -> (sine: Floats, cosine: Floats) {
  // Adding 1.5 * 2^23 rounds to an integer in any rounding mode that matters here.
  let nearest = (turns + 12_582_912) - 12_582_912
  let fraction = turns - nearest  // -1/2 to 1/2, exact
  let magic = fraction * 8_388_608 + 12_582_912
  let word = ((unsafeBitCast(magic, to: Words.self) & 0x00FF_FFFF) &<< 9) &- 0x8000_0000
  return sineCosine(ofTurns: word)
}

/// Natural logarithm of positive, normal floats.
@inline(__always)
func logarithm(_ x: Floats) -> Floats {
  let bits = unsafeBitCast(x, to: Words.self)
  // Mantissa between sqrt(1/2) and sqrt(2), so that s below is small.
  let offset = bits &- 0x3F35_04F3
  let exponentBits = offset & 0xFF80_0000
  let mantissa = unsafeBitCast(bits &- exponentBits, to: Floats.self)
  let exponent = float((exponentBits &+ 0x4000_0000) &>> 23) - Float(128)
  let s = (mantissa - 1) / (mantissa + 1)
  let s2 = s * s
  // ln m = 2 artanh s = 2 (s + s^3/3 + s^5/5 + ...)
  var series = Floats(repeating: 2 / 9)
  series = series * s2 + Float(2.0 / 7)
  series = series * s2 + Float(2.0 / 5)
  series = series * s2 + Float(2.0 / 3)
  series = series * s2 + Float(2)
  return exponent * Float(0.693_147_18) + s * series
}

/// Two independent standard normals a lane.
///
/// Reference: Box and Muller, "A note on the generation of random normal deviates", 1958, equation 1.
@inline(__always)
func normals(_ a: Words, _ b: Words) -> (Floats, Floats) {
  let u = 2 - unsafeBitCast((a &>> 9) | 0x3F80_0000, to: Floats.self)  // (0, 1]
  let radius = (-2 * logarithm(u)).squareRoot()
  let (sine, cosine) = sineCosine(ofTurns: b)
  return (radius * cosine, radius * sine)
}

/// e to the x, for |x| below 80.
@inline(__always)
func exponential(_ x: Floats) -> Floats {
  // x = n ln 2 + r with |r| <= ln 2 / 2; ln 2 in two parts keeps r exact.
  let magic = x * Float(1.442_695) + Float(12_582_912)
  let n = magic - Float(12_582_912)
  let r = (x - n * Float(0.693_359_375)) - n * Float(-2.121_944_4e-4)
  var series = Floats(repeating: 1 / 5_040)
  series = series * r + Float(1.0 / 720)
  series = series * r + Float(1.0 / 120)
  series = series * r + Float(1.0 / 24)
  series = series * r + Float(1.0 / 6)
  series = series * r + Float(0.5)
  series = series * r + Float(1)
  series = series * r + Float(1)
  // The integer sits in the low bits of the magic sum: shifted, it becomes the exponent.
  let power = ((unsafeBitCast(magic, to: Words.self) &+ 127) & 0xFF) &<< 23
  return series * unsafeBitCast(power, to: Floats.self)
}
