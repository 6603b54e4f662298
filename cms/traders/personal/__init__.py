"""A trader's own data (law 27/2022): taking all down, a copy of it, and erasing it.

stall           event        then                     by
shown           take down    taken down               its trader
taken down      bring back   shown                    its trader; a coordinator for 30 days
any             erase        gone, with its trader    its trader, by PIN or password
"""
