package wit

// Tuple25 is a tuple of 25 elements.
type Tuple25[A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X, Y any] struct {
	F0  A
	F1  B
	F2  C
	F3  D
	F4  E
	F5  F
	F6  G
	F7  H
	F8  I
	F9  J
	F10 K
	F11 L
	F12 M
	F13 N
	F14 O
	F15 P
	F16 Q
	F17 R
	F18 S
	F19 T
	F20 U
	F21 V
	F22 W
	F23 X
	F24 Y
}

// Tuple26 is a tuple of 26 elements.
type Tuple26[A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X, Y, Z any] struct {
	F0  A
	F1  B
	F2  C
	F3  D
	F4  E
	F5  F
	F6  G
	F7  H
	F8  I
	F9  J
	F10 K
	F11 L
	F12 M
	F13 N
	F14 O
	F15 P
	F16 Q
	F17 R
	F18 S
	F19 T
	F20 U
	F21 V
	F22 W
	F23 X
	F24 Y
	F25 Z
}

// Tuple27 is a tuple of 27 elements.
type Tuple27[A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X, Y, Z, AA any] struct {
	F0  A
	F1  B
	F2  C
	F3  D
	F4  E
	F5  F
	F6  G
	F7  H
	F8  I
	F9  J
	F10 K
	F11 L
	F12 M
	F13 N
	F14 O
	F15 P
	F16 Q
	F17 R
	F18 S
	F19 T
	F20 U
	F21 V
	F22 W
	F23 X
	F24 Y
	F25 Z
	F26 AA
}

// Tuple28 is a tuple of 28 elements.
type Tuple28[A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X, Y, Z, AA, AB any] struct {
	F0  A
	F1  B
	F2  C
	F3  D
	F4  E
	F5  F
	F6  G
	F7  H
	F8  I
	F9  J
	F10 K
	F11 L
	F12 M
	F13 N
	F14 O
	F15 P
	F16 Q
	F17 R
	F18 S
	F19 T
	F20 U
	F21 V
	F22 W
	F23 X
	F24 Y
	F25 Z
	F26 AA
	F27 AB
}

// Tuple29 is a tuple of 29 elements.
type Tuple29[A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X, Y, Z, AA, AB, AC any] struct {
	F0  A
	F1  B
	F2  C
	F3  D
	F4  E
	F5  F
	F6  G
	F7  H
	F8  I
	F9  J
	F10 K
	F11 L
	F12 M
	F13 N
	F14 O
	F15 P
	F16 Q
	F17 R
	F18 S
	F19 T
	F20 U
	F21 V
	F22 W
	F23 X
	F24 Y
	F25 Z
	F26 AA
	F27 AB
	F28 AC
}

// Tuple30 is a tuple of 30 elements.
type Tuple30[A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X, Y, Z, AA, AB, AC, AD any] struct {
	F0  A
	F1  B
	F2  C
	F3  D
	F4  E
	F5  F
	F6  G
	F7  H
	F8  I
	F9  J
	F10 K
	F11 L
	F12 M
	F13 N
	F14 O
	F15 P
	F16 Q
	F17 R
	F18 S
	F19 T
	F20 U
	F21 V
	F22 W
	F23 X
	F24 Y
	F25 Z
	F26 AA
	F27 AB
	F28 AC
	F29 AD
}

// Tuple31 is a tuple of 31 elements.
type Tuple31[A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X, Y, Z, AA, AB, AC, AD, AE any] struct {
	F0  A
	F1  B
	F2  C
	F3  D
	F4  E
	F5  F
	F6  G
	F7  H
	F8  I
	F9  J
	F10 K
	F11 L
	F12 M
	F13 N
	F14 O
	F15 P
	F16 Q
	F17 R
	F18 S
	F19 T
	F20 U
	F21 V
	F22 W
	F23 X
	F24 Y
	F25 Z
	F26 AA
	F27 AB
	F28 AC
	F29 AD
	F30 AE
}

// Tuple32 is a tuple of 32 elements.
// The last element of a longer tuple is a tuple of the elements from the 32nd on.
type Tuple32[A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X, Y, Z, AA, AB, AC, AD, AE, AF any] struct {
	F0  A
	F1  B
	F2  C
	F3  D
	F4  E
	F5  F
	F6  G
	F7  H
	F8  I
	F9  J
	F10 K
	F11 L
	F12 M
	F13 N
	F14 O
	F15 P
	F16 Q
	F17 R
	F18 S
	F19 T
	F20 U
	F21 V
	F22 W
	F23 X
	F24 Y
	F25 Z
	F26 AA
	F27 AB
	F28 AC
	F29 AD
	F30 AE
	F31 AF
}
