package wit

// Tuple1 is a tuple of 1 element.
type Tuple1[A any] struct {
	F0 A
}

// Tuple2 is a tuple of 2 elements.
type Tuple2[A, B any] struct {
	F0 A
	F1 B
}

// Tuple3 is a tuple of 3 elements.
type Tuple3[A, B, C any] struct {
	F0 A
	F1 B
	F2 C
}

// Tuple4 is a tuple of 4 elements.
type Tuple4[A, B, C, D any] struct {
	F0 A
	F1 B
	F2 C
	F3 D
}

// Tuple5 is a tuple of 5 elements.
type Tuple5[A, B, C, D, E any] struct {
	F0 A
	F1 B
	F2 C
	F3 D
	F4 E
}

// Tuple6 is a tuple of 6 elements.
type Tuple6[A, B, C, D, E, F any] struct {
	F0 A
	F1 B
	F2 C
	F3 D
	F4 E
	F5 F
}

// Tuple7 is a tuple of 7 elements.
type Tuple7[A, B, C, D, E, F, G any] struct {
	F0 A
	F1 B
	F2 C
	F3 D
	F4 E
	F5 F
	F6 G
}

// Tuple8 is a tuple of 8 elements.
type Tuple8[A, B, C, D, E, F, G, H any] struct {
	F0 A
	F1 B
	F2 C
	F3 D
	F4 E
	F5 F
	F6 G
	F7 H
}

// Tuple9 is a tuple of 9 elements.
type Tuple9[A, B, C, D, E, F, G, H, I any] struct {
	F0 A
	F1 B
	F2 C
	F3 D
	F4 E
	F5 F
	F6 G
	F7 H
	F8 I
}

// Tuple10 is a tuple of 10 elements.
type Tuple10[A, B, C, D, E, F, G, H, I, J any] struct {
	F0 A
	F1 B
	F2 C
	F3 D
	F4 E
	F5 F
	F6 G
	F7 H
	F8 I
	F9 J
}

// Tuple11 is a tuple of 11 elements.
type Tuple11[A, B, C, D, E, F, G, H, I, J, K any] struct {
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
}

// Tuple12 is a tuple of 12 elements.
type Tuple12[A, B, C, D, E, F, G, H, I, J, K, L any] struct {
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
}

// Tuple13 is a tuple of 13 elements.
type Tuple13[A, B, C, D, E, F, G, H, I, J, K, L, M any] struct {
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
}

// Tuple14 is a tuple of 14 elements.
type Tuple14[A, B, C, D, E, F, G, H, I, J, K, L, M, N any] struct {
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
}

// Tuple15 is a tuple of 15 elements.
type Tuple15[A, B, C, D, E, F, G, H, I, J, K, L, M, N, O any] struct {
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
}

// Tuple16 is a tuple of 16 elements.
type Tuple16[A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P any] struct {
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
}

// Tuple17 is a tuple of 17 elements.
type Tuple17[A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q any] struct {
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
}

// Tuple18 is a tuple of 18 elements.
type Tuple18[A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R any] struct {
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
}

// Tuple19 is a tuple of 19 elements.
type Tuple19[A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S any] struct {
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
}

// Tuple20 is a tuple of 20 elements.
type Tuple20[A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T any] struct {
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
}

// Tuple21 is a tuple of 21 elements.
type Tuple21[A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U any] struct {
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
}

// Tuple22 is a tuple of 22 elements.
type Tuple22[A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V any] struct {
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
}

// Tuple23 is a tuple of 23 elements.
type Tuple23[A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W any] struct {
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
}

// Tuple24 is a tuple of 24 elements.
type Tuple24[A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S, T, U, V, W, X any] struct {
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
}
